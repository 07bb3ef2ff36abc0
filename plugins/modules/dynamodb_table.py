#!/usr/bin/python
# Copyright: (c) 2026, the mana.memory authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: dynamodb_table
version_added: 1.0.0
short_description: Declare a DynamoDB table
description:
  - Creates, updates or deletes one DynamoDB table so that it is as declared.
  - An option that is left out leaves that part of the table alone.
  - No step ever replaces or deletes a table to change it. What DynamoDB cannot change is refused before any write,
    in check mode too.
  - An option with C(enabled) or C(stream_enabled) takes V(true) and V(false) in place of that.
  - Takes the options of M(community.aws.dynamodb_table), so that its tasks run with only the module's name changed.
extends_documentation_fragment:
  - mana.memory.connection
  - mana.memory.attributes
  - mana.memory.attributes.writes
  - mana.memory.approval
author:
  - The mana.memory authors (@mana)
seealso:
  - module: mana.memory.dynamodb_tables
  - module: mana.memory.dynamodb_table_info
  - module: mana.memory.dynamodb_item
options:
  name:
    description:
      - The name of the table.
    type: str
    required: true
  state:
    description:
      - Whether the table is there.
      - V(absent) refuses a table that is protected against deletion, and one that has replicas.
    type: str
    choices: [present, absent]
    default: present
  hash_key_name:
    description:
      - The partition key. A new table needs one.
    type: str
  hash_key_type:
    description:
      - The type of the partition key.
      - V(STRING) for a new table, unless an index says another type of the same attribute.
    type: str
    choices: [STRING, NUMBER, BINARY]
  range_key_name:
    description:
      - The sort key.
    type: str
  range_key_type:
    description:
      - The type of the sort key, which has to be named or there.
      - V(STRING) for a new table, unless an index says another type of the same attribute.
    type: str
    choices: [STRING, NUMBER, BINARY]
  billing_mode:
    description:
      - How the table is billed.
      - A new table is V(PAY_PER_REQUEST), or V(PROVISIONED) where capacities are declared.
    type: str
    choices: [PROVISIONED, PAY_PER_REQUEST]
  read_capacity:
    description:
      - Provisioned capacity, in read units. V(0) leaves it alone.
      - V(1) for a new table. To change an on-demand table to V(PROVISIONED), both capacities must be declared, for the
        table and each of its global indexes.
    type: int
  write_capacity:
    description:
      - Provisioned capacity, in write units. V(0) leaves it alone.
      - V(1) for a new table.
    type: int
  indexes:
    description:
      - The secondary indexes. Global ones can be added and removed at any time, local ones are made with the table.
      - A live index that is not in the list stays, unless O(purge_indexes=true).
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The name of the index.
        type: str
        required: true
      type:
        description:
          - Global or local index, and what it projects.
          - V(global_all), V(global_keys_only) and V(global_include) are global indexes; V(all), V(keys_only) and
            V(include) are local ones.
          - Results have the projection in capitals, which can be declared too.
        type: str
        required: true
        choices:
          - all
          - global_all
          - global_include
          - global_keys_only
          - include
          - keys_only
          - ALL
          - global_ALL
          - global_INCLUDE
          - global_KEYS_ONLY
          - INCLUDE
          - KEYS_ONLY
      hash_key_name:
        description:
          - The partition key. A new global index needs one; a local index has the partition key of its table.
        type: str
      hash_key_type:
        description:
          - The type of the partition key.
          - V(STRING) for a new index, unless the same attribute is declared with another type elsewhere.
        type: str
        choices: [STRING, NUMBER, BINARY]
      range_key_name:
        description:
          - The sort key. Left out, it stays as it is, also where the index is created anew.
            O(indexes[].key_schema) says all of the keys.
        type: str
      range_key_type:
        description:
          - The type of the sort key.
          - V(STRING) for a new index, unless the same attribute is declared with another type elsewhere.
        type: str
        choices: [STRING, NUMBER, BINARY]
      includes:
        description:
          - The attributes that are projected beside the keys, in any order. For V(global_include) and V(include) only.
        type: list
        elements: str
      read_capacity:
        description:
          - Provisioned capacity of a global index, in read units. V(0) leaves it alone. V(1) for a new index.
        type: int
      write_capacity:
        description:
          - Provisioned capacity of a global index, in write units. V(0) leaves it alone. V(1) for a new index.
        type: int
      ignore_capacity:
        description:
          - Whether the capacities count only when the index is made. By default as the table's O(ignore_capacity).
        type: bool
      key_schema:
        description:
          - All keys of a global index, in place of the options for one of each. Up to four of either kind, in order.
        type: list
        elements: dict
        suboptions:
          attribute_name:
            description:
              - The name of the attribute.
            type: str
            required: true
          attribute_type:
            description:
              - Its type. V(STRING) unless the same attribute is declared with another type elsewhere.
            type: str
            choices: [STRING, NUMBER, BINARY]
          key_type:
            description:
              - Whether it belongs to the partition key or to the sort key.
            type: str
            required: true
            choices: [HASH, RANGE]
      on_demand_throughput:
        description:
          - The most that a global index of an on-demand table takes.
        type: dict
        suboptions: &maximum
          max_read_request_units:
            description:
              - In read request units a second. V(-1) takes the maximum away.
            type: int
          max_write_request_units:
            description:
              - In write request units a second. V(-1) takes the maximum away.
            type: int
      warm_throughput:
        description:
          - What a global index takes at once, at least. It is never lowered.
        type: dict
        suboptions: &warmth
          read_units_per_second:
            description:
              - Reads, in units a second.
            type: int
          write_units_per_second:
            description:
              - Writes, in units a second.
            type: int
      contributor_insights:
        description:
          - Which keys of a global index are accessed and throttled most.
        type: dict
        suboptions: &insights
          enabled:
            description:
              - Whether they are watched.
            type: bool
            default: true
          mode:
            description:
              - Which keys are watched.
            type: str
            choices: [ACCESSED_AND_THROTTLED_KEYS, THROTTLED_KEYS]
  purge_indexes:
    description:
      - Whether global indexes that are not in O(indexes) are deleted. Without O(indexes), nothing is.
    type: bool
    default: false
  recreate_indexes:
    description:
      - Whether a global index is deleted and created anew if other keys or another projection are declared, and a
        vector index if anything else is declared of it.
      - Queries and searches on the index fail in between, mostly for 8 to 17 minutes. With V(false), such a change is
        refused.
      - A global index that is created anew has to declare its sort key too.
    type: bool
    default: false
  vector_indexes:
    description:
      - The vector indexes, which find items by the nearness of their vectors, as M(mana.memory.dynamodb_item_info) does
        with O(mana.memory.dynamodb_item_info#module:search_vector). At most 5.
      - A live vector index that is not in the list stays, unless O(purge_vector_indexes=true).
      - Only an on-demand table has vector indexes. Nothing of one can be changed, but see O(recreate_indexes).
      - What is left out of a live vector index stays as it is.
      - DynamoDB makes one with the table in seconds, and on a live table in 8 to 17 minutes, in which it refuses other
        changes of indexes. A search may fail for some minutes more.
      - A table that is restored has the vector indexes of its source. O(vector_indexes=[]) with
        O(purge_vector_indexes=true) leaves them out.
      - Needs botocore 1.43.64 or newer.
    type: list
    elements: dict
    version_added: 1.1.0
    suboptions:
      name:
        description:
          - The name of the vector index, which no other index of the table has.
        type: str
        required: true
      vector_attribute:
        description:
          - The attribute of an item that holds its vector, a list of as many numbers as O(vector_indexes[].dimensions).
          - Needed for a new vector index. It cannot be a key of the table or of an index.
        type: str
      dimensions:
        description:
          - How many numbers a vector has, 1 to 4096. Needed for a new vector index.
          - All vector indexes of one attribute have the same.
        type: int
      distance_function:
        description:
          - How the nearness of two vectors is measured. Needed for a new vector index.
          - The nearest items have the smallest scores with V(COSINE) and V(EUCLIDEAN), and the largest with
            V(DOT_PRODUCT).
        type: str
        choices: [COSINE, DOT_PRODUCT, EUCLIDEAN]
      projection:
        description:
          - Which attributes a search can give. Needed for a new vector index.
          - V(keys_only) are the keys of the table, O(vector_indexes[].hash_key_name) and O(vector_indexes[].filters).
          - Capital letters, as AWS writes them, are the same.
        type: str
        choices: [all, keys_only, include, ALL, KEYS_ONLY, INCLUDE]
      includes:
        description:
          - The attributes that are projected beside those, in any order. For V(include) only.
          - With the vectors and the filters at most 20.
        type: list
        elements: str
      hash_key_name:
        description:
          - The attribute whose value each search has to name, such as the ID of a user. Items without it are not found.
          - Without a hash key, the whole index is searched.
        type: str
      hash_key_type:
        description:
          - The type of this attribute. V(STRING), unless the same attribute is declared with another type elsewhere.
        type: str
        choices: [STRING, NUMBER, BINARY]
      filters:
        description:
          - The attributes whose values a search may name besides, in any order. At most 18.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - The name of the attribute.
            type: str
            required: true
          type:
            description:
              - Its type. V(STRING), unless the same attribute is declared with another type elsewhere.
            type: str
            choices: [STRING, NUMBER, BINARY]
  purge_vector_indexes:
    description:
      - Whether vector indexes that are not in O(vector_indexes) are deleted. Without O(vector_indexes), nothing is.
    type: bool
    default: false
    version_added: 1.1.0
  ignore_capacity:
    description:
      - Whether the capacities count only when the table is made, or becomes V(PROVISIONED), and are then left to
        autoscaling.
    type: bool
    default: false
  on_demand_throughput:
    description:
      - The most that an on-demand table takes.
    type: dict
    suboptions: *maximum
  warm_throughput:
    description:
      - What the table takes at once, at least. It grows with the traffic, and is never lowered.
      - A new table takes 12000 reads and 4000 writes a second if it is on-demand, or its capacity if it is provisioned.
      - AWS takes some minutes to raise it.
    type: dict
    suboptions: *warmth
  table_class:
    description:
      - The storage class. V(STANDARD) for a new table.
    type: str
    choices: [STANDARD, STANDARD_INFREQUENT_ACCESS]
  deletion_protection_enabled:
    description:
      - Whether the table is protected against deletion.
    type: bool
  tags:
    description:
      - The tags of the table. Letters, digits and spaces of any script, and C(_.:/=+-@).
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description:
      - Whether tags that are not in O(tags) are removed. Those whose keys begin with V(aws:) never are.
    type: bool
    default: true
  time_to_live:
    description:
      - Expiry of items.
      - DynamoDB takes one change an hour. To expire by another attribute, turn it off, and on again an hour later.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether items expire.
        type: bool
        default: true
      attribute_name:
        description:
          - The attribute with the time of expiry, in seconds since 1970. Needed to turn expiry on.
        type: str
  point_in_time_recovery:
    description:
      - Continuous backups, from which the table can be restored as it was at any second.
    type: dict
    suboptions: &recovery
      enabled:
        description:
          - Whether the backups are kept.
        type: bool
        default: true
      recovery_period_in_days:
        description:
          - How far back. Left out, it stays as it is, and is 35 when it is turned on.
        type: int
  stream_specification:
    description:
      - The stream of changes.
      - Another view is another stream. The old one ends, the new one begins, and consumers have to move to its ARN.
    type: dict
    suboptions:
      stream_enabled:
        description:
          - Whether there is a stream.
        type: bool
        default: true
      stream_view_type:
        description:
          - What the stream shows of a changed item.
        type: str
        choices: [KEYS_ONLY, NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES]
  sse_specification:
    description:
      - Whose key encrypts the table.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether it is a key of AWS Key Management Service. V(false) is a key that AWS owns, which a new table has.
        type: bool
        default: true
      kms_master_key_id:
        description:
          - The key, by alias, id or ARN. Left out, it is the AWS managed key of the account.
        type: str
  contributor_insights:
    description:
      - Which keys of the table are accessed and throttled most. They are shown in plain text, also for a table that is
        encrypted with a key of your own.
    type: dict
    suboptions: *insights
  resource_policy:
    description:
      - The resource policy. It is compared by what it means. V({}) is no policy.
      - It is checked before any call. Each statement has an C(Effect), one of C(Principal) and C(NotPrincipal), one of
        C(Action) and C(NotAction), and one of C(Resource) and C(NotResource).
    type: dict
  kinesis_streaming_destination:
    description:
      - The Kinesis data stream that changes of the table go to. A table has one.
      - Another stream takes the place of the live one, and changes in between are lost.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether they go there. V(false) without O(kinesis_streaming_destination.stream_arn) ends all destinations.
        type: bool
        default: true
      stream_arn:
        description:
          - The ARN of the Kinesis data stream, which is in the table's region.
        type: str
      approximate_creation_date_time_precision:
        description:
          - The precision of the time of each change.
        type: str
        choices: [MILLISECOND, MICROSECOND]
  replicas:
    description:
      - The table in other regions. DynamoDB begins its stream where there is none, and keeps it as it is.
      - A V(PROVISIONED) table can be replicated only where Application Auto Scaling scales its writes.
      - A live replica that is not in the list stays, unless O(purge_replicas=true).
    type: list
    elements: dict
    suboptions:
      region_name:
        description:
          - The region of the replica.
        type: str
        required: true
      kms_master_key_id:
        description:
          - The key there, by alias, id or ARN. It is needed where the table has a key of your own, and only there.
          - The keys of the table and of all its replicas change together.
        type: str
      table_class:
        description:
          - The storage class there.
        type: str
        choices: [STANDARD, STANDARD_INFREQUENT_ACCESS]
      read_capacity:
        description:
          - The provisioned read capacity of the replica, if it differs from the table's.
        type: int
      max_read_request_units:
        description:
          - The most that is read of the replica on demand, if it differs from the table's.
        type: int
      deletion_protection_enabled:
        description:
          - Whether the replica is protected against deletion.
        type: bool
      point_in_time_recovery:
        description:
          - Continuous backups there.
        type: dict
        suboptions: *recovery
      tags:
        description:
          - The tags of the replica.
        type: dict
      purge_tags:
        description:
          - Whether tags of the replica that are not declared are removed.
        type: bool
        default: true
  purge_replicas:
    description:
      - Whether replicas that are not in O(replicas) are deleted. Without O(replicas), nothing is.
    type: bool
    default: false
  multi_region_consistency:
    description:
      - V(STRONG) takes exactly two replicas, or one and O(witness_region), all made at once of an empty table, which
        has no local indexes and whose items do not expire.
    type: str
    choices: [EVENTUAL, STRONG]
  witness_region:
    description:
      - The region of the witness of a strongly consistent table.
    type: str
  disassociation_protection_enabled:
    description:
      - Whether the table is protected against leaving its replicas, which would end the replication and keep the data.
      - A table is protected unless this is V(false). A table without replicas, and a strongly consistent table, cannot
        be without the protection.
      - Each region has a protection of its own. This option is for the table's own region.
    type: bool
    version_added: 1.1.0
  restore_from_backup:
    description:
      - Where the table comes from when it does not exist. An existing table is left as it is.
    type: dict
    suboptions:
      backup_arn:
        description:
          - The ARN of the backup.
        type: str
        required: true
  restore_from_table:
    description:
      - The table whose past this one is made from when it does not exist.
    type: dict
    suboptions:
      table_name:
        description:
          - The name of the table to restore from, which has point-in-time recovery and is in the same region.
        type: str
        required: true
      restore_date_time:
        description:
          - The moment, for instance V(2026-11-01T12:00:00Z). Without it, the latest there is.
        type: str
  import_from_s3:
    description:
      - The files that the table is made from when it does not exist.
      - An import that failed may leave a table with a part of the items. The next run reports AWS's reason too.
    type: dict
    suboptions:
      s3_bucket:
        description:
          - The bucket.
        type: str
        required: true
      s3_key_prefix:
        description:
          - What the names of the files begin with.
        type: str
      s3_bucket_owner:
        description:
          - The account of the bucket, if it is another account. Give its 12 digits, in quotes.
        type: str
      input_format:
        description:
          - The format of the files.
        type: str
        choices: [CSV, DYNAMODB_JSON, ION]
        default: DYNAMODB_JSON
      input_compression_type:
        description:
          - How the files are compressed.
        type: str
        choices: [GZIP, ZSTD, NONE]
      csv_delimiter:
        description:
          - What stands between the values of a CSV file, one of C(,), C(;), C(:), C(|), a tab and a space. For V(CSV)
            only.
        type: str
      csv_header_list:
        description:
          - The names of the columns, if the files do not contain them. For V(CSV) only.
        type: list
        elements: str
  final_backup_name:
    description:
      - The name of a backup that is taken, and waited for, before O(state=absent) deletes the table. For this state
        only.
    type: str
  wait:
    description:
      - Whether to wait until the table and all its indexes are ready after the last step.
      - V(false) does what can be done without waiting and returns the rest as RV(pending); the next run goes on.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait for a step, in seconds, 1 to 31536000. It counts for each step anew.
    type: int
    default: 900
    aliases: [wait_for_active_timeout]
  index_wait_timeout:
    description:
      - How long to wait, in seconds, for what takes as long as the data of the table - an index that is created or
        deleted, a replica, a table that is restored or imported - and for steps that they keep waiting.
      - AWS takes up to 17 minutes to add an index to an empty table. That of a large one takes hours.
    type: int
    default: 3600
"""

EXAMPLES = r"""
- name: A table for a single-table design, on demand
  mana.memory.dynamodb_table:
    name: mana-memory
    hash_key_name: pk
    range_key_name: sk
    indexes:
      - name: gsi1
        type: global_all
        hash_key_name: gsi1pk
        range_key_name: gsi1sk

- name: Items of it expire, it can be recovered, and nobody deletes it by mistake
  mana.memory.dynamodb_table:
    name: mana-memory
    time_to_live:
      attribute_name: ttl
    point_in_time_recovery:
      enabled: true
    deletion_protection_enabled: true

- name: Exactly these indexes and tags, and no others
  mana.memory.dynamodb_table:
    name: mana-memory
    indexes:
      - name: gsi1
        type: global_all
        hash_key_name: gsi1pk
        range_key_name: gsi1sk
      - name: by_day
        type: global_keys_only
        hash_key_name: day
        hash_key_type: NUMBER
    purge_indexes: true
    tags:
      team: assistants

- name: A table with provisioned capacity
  mana.memory.dynamodb_table:
    name: orders
    hash_key_name: id
    billing_mode: PROVISIONED
    read_capacity: 20
    write_capacity: 5

- name: Capacities for the first day, then autoscaling rules
  mana.memory.dynamodb_table:
    name: orders
    hash_key_name: id
    read_capacity: 20
    write_capacity: 5
    ignore_capacity: true

- name: A stream, a key of one's own, and a replica in another region
  mana.memory.dynamodb_table:
    name: mana-memory
    stream_specification:
      stream_view_type: NEW_AND_OLD_IMAGES
    sse_specification:
      kms_master_key_id: alias/mana
    replicas:
      - region_name: eu-west-1
        point_in_time_recovery:
          enabled: true

- name: The table as it was before the accident, under another name
  mana.memory.dynamodb_table:
    name: mana-memory-restored
    restore_from_table:
      table_name: mana-memory
      restore_date_time: "2026-11-01T12:00:00Z"

- name: A table whose items are found by meaning
  mana.memory.dynamodb_table:
    name: notes
    hash_key_name: id
    vector_indexes:
      - name: by_meaning
        vector_attribute: embedding
        dimensions: 1536
        distance_function: COSINE
        projection: all
        hash_key_name: tenant
        filters:
          - name: written_in
            type: NUMBER

- name: No table, but a backup of it
  mana.memory.dynamodb_table:
    name: orders
    state: absent
    final_backup_name: orders-final
"""

RETURN = r"""
plan:
  description:
    - The steps that were performed, in order, or in check mode those that would be.
    - RV(ignore:changed) is true when there is one.
  returned: success
  type: list
  elements: dict
  contains:
    service:
      description: The service that is called.
      type: str
      sample: dynamodb
    call:
      description: The API call.
      type: str
      sample: UpdateTable
    region:
      description: The region that is called.
      type: str
      sample: us-east-1
    arguments:
      description: The arguments of the call, as the API names them.
      type: dict
    sentence:
      description: What it does, in words.
      type: str
      sample: delete global index by_day of mana-memory
pending:
  description: The steps of RV(plan) that O(wait=false) left for the next run, in the same form.
  returned: when there are any
  type: list
  elements: dict
under_way:
  description:
    - What AWS is still doing when the run ends, in words. A run waits for it, unless O(wait=false).
  returned: when there is something
  type: str
  sample: ACTIVE (warm throughput UPDATING)
done:
  description: The steps of RV(plan) that a failed run performed, in the same form.
  returned: when a step failed
  type: list
  elements: dict
failed_step:
  description: The step of RV(plan) that failed, in the same form. None where a wait failed.
  returned: when a step failed
  type: dict
left:
  description: The steps of RV(plan) that are left for the next run, in the same form.
  returned: when a step failed
  type: list
  elements: dict
refused:
  description: Whether what was declared is impossible, so that nothing was done.
  returned: when it is
  type: bool
table:
  description:
    - What DescribeTable answers, in snake_case, with C(arn), C(id), C(name), C(size), C(status), C(billing_mode) and
      C(table_class) at its top, and with RV(tags) where they are returned.
  returned: when there is a table
  type: dict
  sample:
    arn: arn:aws:dynamodb:us-east-1:123456789012:table/mana-memory
    name: mana-memory
    status: ACTIVE
table_name:
  description: The name of the table.
  returned: when there is a table
  type: str
  sample: mana-memory
table_status:
  description: The status of the table.
  returned: when there is a table
  type: str
  sample: ACTIVE
region:
  description: The region of the table.
  returned: success, or when a step failed
  type: str
  sample: us-east-1
endpoint_url:
  description: The address of the endpoint.
  returned: when it is not AWS's
  type: str
  sample: http://127.0.0.1:4566
account_id:
  description: The account of the table.
  returned: when there is a table
  type: str
  sample: "123456789012"
hash_key_name:
  description:
    - The partition key.
    - This and the other options are returned as they are afterwards, or in check mode as they would be, under their own
      names. Those that DescribeTable does not answer, as O(time_to_live), are returned where they were declared.
  returned: when there is a table, or in check mode would be
  type: str
  sample: pk
hash_key_type:
  description: The type of the partition key.
  returned: when there is a table, or in check mode would be
  type: str
  sample: STRING
range_key_name:
  description: The sort key, or null.
  returned: when there is a table, or in check mode would be
  type: str
  sample: sk
range_key_type:
  description: The type of the sort key, or null.
  returned: when there is a table, or in check mode would be
  type: str
  sample: STRING
billing_mode:
  description: How the table is billed.
  returned: when there is a table, or in check mode would be
  type: str
  sample: PAY_PER_REQUEST
read_capacity:
  description: The read capacity.
  returned: when RV(billing_mode=PROVISIONED)
  type: int
  sample: 5
write_capacity:
  description: The write capacity.
  returned: when RV(billing_mode=PROVISIONED)
  type: int
  sample: 5
indexes:
  description:
    - The indexes, global ones before local ones, each kind in DynamoDB's order. Indexes that DynamoDB does not show yet
      come last.
    - Each index is in option names, with the projection of its type in capitals. C(null) and C([]) stand for a missing
      sort key and missing included attributes. The capacities of a global index of an on-demand table are 0.
  returned: when there is a table, or in check mode would be
  type: list
  elements: dict
  sample:
    - name: gsi1
      type: global_ALL
      hash_key_name: gsi1pk
      hash_key_type: STRING
      range_key_name: gsi1sk
      range_key_type: STRING
      includes: []
      read_capacity: 0
      write_capacity: 0
vector_indexes:
  description: The vector indexes, each as it can be declared.
  returned: when there is a table, or in check mode would be
  type: list
  elements: dict
  sample:
    - name: by_meaning
      vector_attribute: embedding
      dimensions: 1536
      distance_function: COSINE
      projection: keys_only
      hash_key_name: resource_id
      hash_key_type: STRING
tags:
  description:
    - The tags of the table, also in RV(table).
    - A run that declares no tags reads them only if it changes something and may call ListTagsOfResource, since AWS
      takes ten of these reads a second. To get the tags from each run, declare O(tags={}) with O(purge_tags=false).
  returned: when O(tags) was declared, or the run changed something and may read them
  type: dict
  sample:
    team: assistants
declared:
  description: The names of the options that have a value, for M(mana.memory.audit). Each index and replica has its own.
  returned: in check mode
  type: list
  elements: str
reads:
  description: What the task calls in check mode, each as an C(action) and a C(resource), for M(mana.memory.audit).
  returned: in check mode
  type: list
  elements: dict
declared_at:
  description: The file and the line that declare each of these, for M(mana.memory.audit).
  returned: in check mode
  type: dict
not_read:
  description: The parts that could not be read since a permission is missing, each with the sentence that names it.
  returned: in check mode, when the reads of declared parts alone were denied
  type: dict
compared:
  description: The result of the same task without these parts, for M(mana.memory.audit).
  returned: in check mode, when the reads of declared parts alone were denied
  type: dict
check_mode:
  description: Whether this ran in check mode, so that nothing was changed.
  returned: in check mode
  type: bool
"""

from ansible_collections.mana.memory.plugins.module_utils.dynamodb import argument_spec, engine
from ansible_collections.mana.memory.plugins.module_utils.front import run_module
from ansible_collections.mana.memory.plugins.module_utils.reconcile import APPROVAL

OPTIONS = {**argument_spec.OPTIONS, **APPROVAL}
SPEC = {**argument_spec.SPEC, "argument_spec": OPTIONS}
run = engine.run


def main() -> None:
    run_module(SPEC, run)


if __name__ == "__main__":
    main()
