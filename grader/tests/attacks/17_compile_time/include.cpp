#include "facts.h"
#include SECRET_FILE
#include "/etc/shadow"
#include "../../../../../../etc/passwd"
