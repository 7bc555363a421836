char bomb[200 << 20] = {1};
char *light() { return bomb; }
