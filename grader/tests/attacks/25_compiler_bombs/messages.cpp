#define E1       \
  undeclared1(); \
  undeclared2(); \
  undeclared3(); \
  undeclared4();
#define E2 E1 E1 E1 E1 E1 E1 E1 E1
#define E3 E2 E2 E2 E2 E2 E2 E2 E2
#define E4 E3 E3 E3 E3 E3 E3 E3 E3
#define E5 E4 E4 E4 E4 E4 E4 E4 E4
void bomb() { E5 }
