"""Stand in for the installer of pip that ansible-test downloads: the pip that Python brings will do."""

import ensurepip

ensurepip.bootstrap()
