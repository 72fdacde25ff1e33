# LocalStack runs this when it is ready.
import sys

sys.path.insert(0, "/etc/localstack/conference")
import keep_objects  # noqa: E402

keep_objects.start()
