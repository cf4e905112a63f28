using DeepTricks.Distillation;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

public sealed class TeacherNoiseTests
{
    [Fact]
    public void Apply_OneSeed_GivesTheSameNumbers()
    {
        using var scope = NewDisposeScope();
        var logits = ones(50, 10);
        Tensor Draw(ulong seed) => TeacherNoise.Apply(logits, new Generator(seed));

        Assert.True(Draw(1).eq(Draw(1)).all().item<bool>());
        Assert.False(Draw(1).eq(Draw(2)).all().item<bool>());
    }

    [Fact]
    public void Apply_HalfOfTheSamples_MovesThoseByTheirDeviation()
    {
        using var scope = NewDisposeScope();
        var logits = full(2000, 10, 3.0f);
        var moved = TeacherNoise.Apply(logits, new Generator(3), new() { Variance = 0.25 }) - logits;

        var touched = moved.ne(0).all(1);
        Assert.True(touched.eq(moved.ne(0).any(1)).all().item<bool>());
        Assert.Equal(0.5, touched.to(ScalarType.Float32).mean().item<float>(), 0.04);
        // The noise of a logit of 3 has the deviation 0.5 · 3.
        Assert.Equal(1.5, moved[touched].std().item<float>(), 0.05);
        Assert.Equal(0, moved[touched].mean().item<float>(), 0.06);
    }

    [Fact]
    public void Apply_OnceForTheBatch_MovesAllOrNone()
    {
        using var scope = NewDisposeScope();
        var (logits, generator) = (ones(4, 3), new Generator(1));
        var moved = Enumerable.Range(0, 200).Select(_ => TeacherNoise.Apply(logits, generator, TeacherNoiseOptions.KdLib).ne(logits)).ToList();

        Assert.All(moved, one => Assert.Equal(one.any().item<bool>(), one.all().item<bool>()));
        Assert.InRange(moved.Count(one => one.any().item<bool>()), 70, 130);
        Assert.True(TeacherNoise.Apply(logits, generator, TeacherNoiseOptions.SoftRandom).ne(logits).all().item<bool>());
    }

    [Fact]
    public void Targets_OfTheVirtualTeacher_AreItsSoftmax()
    {
        using var scope = NewDisposeScope();
        var virtualTeacher = full(2, 4, 0.01 / 3).to(ScalarType.Float32);
        virtualTeacher[0, 2] = 0.99f;
        virtualTeacher[1, 0] = 0.99f;

        var targets = TeacherFreeLoss.Targets(tensor(new long[] { 2, 0 }), 4);

        Assert.True(targets.allclose((virtualTeacher / 20).softmax(1)));
    }
}
