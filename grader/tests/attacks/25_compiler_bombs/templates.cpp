template <int N, int M>
struct Sum {
  static const long long value = Sum<N - 1, M>::value + Sum<N - 1, M + 1>::value;
};
template <int M>
struct Sum<0, M> {
  static const long long value = M;
};
long long bomb() { return Sum<850, 0>::value; }
