// Nothing that has to be translated.
#pragma once
constexpr int kNothing = 0;
