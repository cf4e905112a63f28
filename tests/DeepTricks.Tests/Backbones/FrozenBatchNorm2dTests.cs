using DeepTricks.Backbones;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Backbones;

/// <summary>Batch normalisation that stays as it is.</summary>
public sealed class FrozenBatchNorm2dTests
{
    [Theory]
    [InlineData(FrozenBatchNorm2d.DefaultEpsilon)]
    [InlineData(0)]
    public void Call_InTraining_FollowsTheFormulaAndChangesNothing(double epsilon)
    {
        using var scope = NewDisposeScope();
        using var norm = Golden.Fill(new FrozenBatchNorm2d(4, epsilon));
        norm.train();
        var images = Golden.Tensor("x", [2, 4, 3, 5]).requires_grad_();

        // Twice: the second call must not see what the first one made.
        norm.call(images);
        var normalised = norm.call(images);
        normalised.sum().backward();

        var state = norm.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.reshape(1, -1, 1, 1));
        var scale = state["weight"] * (state["running_var"] + epsilon).rsqrt();
        Assert.True(normalised.allclose((images * scale) + (state["bias"] - (state["running_mean"] * scale)), 1e-5, 1e-6));
        Assert.True(images.grad!.allclose(scale.expand_as(images), 1e-5, 1e-6));
    }

    [Fact]
    public void StateDict_HasFourBuffersAndNoParameter()
    {
        using var norm = new FrozenBatchNorm2d(4);

        Assert.Empty(norm.parameters());
        Assert.Equal(["weight", "bias", "running_mean", "running_var"], norm.state_dict().Keys);
    }

    [Fact]
    public void LoadStateDict_AfterACall_CountsInTheNext()
    {
        using var scope = NewDisposeScope();
        using var norm = new FrozenBatchNorm2d(2);
        using var other = Golden.Fill(new FrozenBatchNorm2d(2));
        var images = Golden.Tensor("x", [1, 2, 3, 3]);
        norm.call(images);

        norm.load_state_dict(other.state_dict());

        Assert.True(norm.call(images).allclose(other.call(images), 0, 0));
    }

    [Fact]
    public void To_AnotherType_MovesTheBuffers()
    {
        using var scope = NewDisposeScope();
        using var norm = new FrozenBatchNorm2d(2).to(ScalarType.Float64);

        Assert.Equal(ScalarType.Float64, norm.call(Golden.Tensor("x", [1, 2, 3, 3], dtype: ScalarType.Float64)).dtype);
    }

    [Fact]
    public void Call_OfAnotherShape_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var norm = new FrozenBatchNorm2d(2);

        Assert.Throws<ArgumentException>(() => norm.call(zeros(1, 3, 2, 2)));
        Assert.Throws<ArgumentException>(() => norm.call(zeros(1, 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrozenBatchNorm2d(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrozenBatchNorm2d(1, -1));
    }
}
