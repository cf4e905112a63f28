using DeepTricks.Testing;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>The pictures of tests/fixtures/rcnn/make_rcnn.py: patches of random colours under a little noise.</summary>
internal static class RegionPicture
{
    /// <summary>[3, height, width] float32.</summary>
    public static Tensor Of(string name, long height, long width, long patch)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = ((height + patch - 1) / patch, (width + patch - 1) / patch);
        var patches = Golden.Tensor($"{name}.patches", [3, rows, columns], 0.4, 0.5, ScalarType.Float64)
            .repeat_interleave(patch, 1).repeat_interleave(patch, 2)[.., ..(int)height, ..(int)width];
        return (patches + Golden.Tensor($"{name}.noise", [3, height, width], 0.04, dtype: ScalarType.Float64)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The boxes [N, 4] as sorted rows of whole numbers.</summary>
    public static IReadOnlyList<string> Rows(Tensor boxes)
    {
        var values = boxes.data<float>().ToArray();
        return [.. values.Chunk(4).Select(box => string.Join(' ', box)).Order(StringComparer.Ordinal)];
    }
}
