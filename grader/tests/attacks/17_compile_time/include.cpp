#include "facts.h"
#include SECRET_FILE
#include "../../../../../../etc/passwd"
#include "/etc/shadow"
