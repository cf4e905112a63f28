using static TorchSharp.torch;

namespace DeepTricks.Detection;

/// <summary>In which precision regions are pooled.</summary>
internal static class RegionPrecision
{
    /// <summary>Runs in single precision what comes in half: coordinates do not fit into so few digits.</summary>
    public static Tensor Run(Tensor[] maps, Tensor regions, Func<Tensor[], Tensor, Tensor> pool) =>
        maps[0].dtype is ScalarType.Float16 or ScalarType.BFloat16
            ? pool([.. maps.Select(map => map.to(ScalarType.Float32))], regions.to(ScalarType.Float32)).to(maps[0].dtype)
            : pool(maps, regions.detach());
}
