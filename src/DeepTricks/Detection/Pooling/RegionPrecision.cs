using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>In which precision regions are pooled.</summary>
internal static class RegionPrecision
{
    /// <summary>Runs in single precision what comes in half: coordinates do not fit into so few digits.</summary>
    public static Tensor Run(Tensor features, Tensor regions, Func<Tensor, Tensor, Tensor> pool) =>
        features.dtype is ScalarType.Float16 or ScalarType.BFloat16
            ? pool(features.to(ScalarType.Float32), regions.to(ScalarType.Float32)).to(features.dtype)
            : pool(features, regions);
}
