# What LocalStack takes beside its Python packages, pinned: kept by hand, as requirements/localstack.txt is.

# LocalStack looks for its Kinesis in a folder of this version.
KINESIS_VERSION := 0.4.13
# DynamoDB Local comes from AWS's own npm package, of which only one folder is of use.
DYNAMODB_LOCAL_PACKAGE := amplify-dynamodb-simulator@2.9.30
DYNAMODB_LOCAL_INTEGRITY := sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ==
