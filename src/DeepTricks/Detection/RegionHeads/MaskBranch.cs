using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>What turns a detection model into one with masks (He et al., "Mask R-CNN", 2017).</summary>
/// <param name="Pooling">Cuts the features out that masks are made of.</param>
/// <param name="Head">Works on them: a <see cref="MaskHead"/>, or one of the caller's.</param>
/// <param name="Predictor">From features to logits [K, classes, M, M]: a <see cref="MaskPredictor"/>, or one of the caller's.</param>
public sealed record MaskBranch(RegionPooling Pooling, nn.Module<Tensor, Tensor> Head, nn.Module<Tensor, Tensor> Predictor);
