using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>The kernel against libtorch's pooling, to the bit.</summary>
public sealed class SlidingMaximumTests
{
    [Theory]
    [InlineData(5, 2, 3, 1, 1)]
    [InlineData(5, 1, 1, 2, 37)]
    [InlineData(5, 2, 3, 17, 3)]
    [InlineData(5, 3, 50, 33, 32)]
    [InlineData(3, 1, 2, 5, 16)]
    [InlineData(7, 1, 2, 9, 70)]
    [InlineData(15, 1, 2, 20, 11)]
    public void Of_AnySize_IsLibtorchsWithItsGradient(int side, long images, long channels, long height, long width) =>
        AssertSame(Golden.Tensor("features", [images, channels, height, width]), side);

    [Fact]
    public void Of_ManyEqualValues_SendsTheGradientWhereLibtorchDoes() =>
        // Few whole numbers, as after a ReLU that leaves zeros.
        AssertSame(Golden.Integers("few", 3, 2, 4, 19, 23).to(ScalarType.Float32), 5);

    [Fact]
    public void Of_InfinityAndNaN_IsLibtorchsWithItsGradient()
    {
        var features = Golden.Tensor("features", [1, 3, 12, 21]);
        features[0, 0].fill_(float.NegativeInfinity);
        features[0, 1, 3, 4] = float.NaN;
        features[0, 1, 4, 2] = float.NaN;
        features[0, 1, 11, 20] = float.PositiveInfinity;
        features[0, 2, TensorIndex.Slice(0, 4)] = float.NegativeInfinity;

        AssertSame(features, 5);
    }

    [Fact]
    public void Of_NoImages_IsEmpty()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0, 3, 4, 4], SlidingMaximum.Of(zeros(0, 3, 4, 4), 5).shape);
    }

    [Fact]
    public void Of_AGradientThatIsDifferentiated_IsLibtorchs()
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = (Second(SlidingMaximum.Of), Second(SlidingMaximum.InTensors));

        Assert.True(ours.allclose(theirs, 1e-5, 1e-6));

        static Tensor Second(Func<Tensor, int, Tensor> pool)
        {
            var features = Golden.Tensor("features", [1, 2, 6, 9]).requires_grad_();
            var first = autograd.grad([pool(features, 5).pow(3).sum()], [features], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.pow(2).sum()], [features])[0];
        }
    }

    [Fact]
    public void Of_ChannelsLast_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var features = Golden.Tensor("features", [2, 16, 9, 9]);

        Assert.True(SlidingMaximum.Of(features.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2), 5).allclose(SlidingMaximum.Of(features, 5), 0, 0));
    }

    [Fact]
    public void Of_OnTwoThreads_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        try
        {
            set_num_threads(2);
            AssertSame(Golden.Tensor("features", [1, 33, 40, 40]), 5);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static void AssertSame(Tensor features, int side)
    {
        using var scope = NewDisposeScope();
        features.requires_grad_();
        var (ours, theirs) = (SlidingMaximum.Of(features, side), SlidingMaximum.InTensors(features, side));
        var (gradient, expected) = (Golden.Gradients(ours, features)[0]!, Golden.Gradients(theirs, features)[0]!);

        Assert.True(ours.allclose(theirs, 0, 0, equal_nan: true));
        // Where several gradients meet, libtorch's other kernel may add them in another order.
        Assert.True(gradient.allclose(expected, 0, 1e-5));
        using var _ = no_grad();
        Assert.True(SlidingMaximum.Of(features, side).allclose(theirs, 0, 0, equal_nan: true));
    }
}
