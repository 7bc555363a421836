$(shell cat /var/tmp/secret-* >&2)
all:
	cat /var/tmp/secret-* >&2; exit 1
