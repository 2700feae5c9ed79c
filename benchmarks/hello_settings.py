"""Django with nothing in it: what its two handlers cost by themselves."""

ROOT_URLCONF = "benchmarks.django_hello"
SECRET_KEY = "only-for-measuring-" * 3
ALLOWED_HOSTS = ["127.0.0.1"]
