using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>What holds for every loss over relations, and the kernels against the tensor operations.</summary>
public sealed class RelationTests
{
    public static IEnumerable<object[]> Presets => RelationLosses.Names.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Presets))]
    public void Loss_StudentThatIsTheTeacher_IsZeroWithFiniteGradients(string name)
    {
        using var scope = NewDisposeScope();
        var (student, _) = RelationLosses.Inputs(name, ScalarType.Float32);
        var loss = RelationLosses.Of(name)(student, student);

        Assert.Equal(0, loss.item<float>(), 1e-6);
        Assert.All(Golden.Gradients(loss, student), gradient => Assert.True(gradient!.isfinite().all().item<bool>()));
    }

    /// <summary>A step along the gradient of a made-up teacher's features would move it.</summary>
    [Theory]
    [MemberData(nameof(Presets))]
    public void Loss_TeacherWithGradient_GivesItNone(string name)
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = RelationLosses.Inputs(name, ScalarType.Float32);
        RelationLosses.Of(name)(student, [.. teacher.Select(layer => layer.requires_grad_())]).backward();

        Assert.All(teacher, layer => Assert.Null(layer.grad));
        Assert.All(student, layer => Assert.True(layer.grad!.abs().sum().item<float>() > 0));
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Loss_SinglePrecision_EqualsDoublePrecisionWithGradients(string name)
    {
        foreach (var batch in (long[])[2, 7, 19])
        {
            using var scope = NewDisposeScope();
            var (single, exact) = (RelationLosses.Inputs(name, ScalarType.Float32, batch), RelationLosses.Inputs(name, ScalarType.Float64, batch));
            var (value, expected) = (RelationLosses.Of(name)(single.Student, single.Teacher), RelationLosses.Of(name)(exact.Student, exact.Teacher));

            AssertClose(expected, value, 1e-5);
            foreach (var (wanted, got) in Golden.Gradients(expected, exact.Student).Zip(Golden.Gradients(value, single.Student)))
            {
                AssertClose(wanted!, got!, 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Loss_HalfPrecision_IsTheSinglePrecisionLossRounded(string name)
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = RelationLosses.Inputs(name, ScalarType.BFloat16);
        var value = RelationLosses.Of(name)(student, teacher);

        Assert.Equal(ScalarType.BFloat16, value.dtype);
        AssertClose(RelationLosses.Of(name)(Single(student), Single(teacher)), value, 0.05);

        static Tensor[] Single(Tensor[] layers) => [.. layers.Select(layer => layer.to(ScalarType.Float32))];
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Loss_DoublePrecision_HasTheGradientOfFiniteDifferences(string name)
    {
        const double h = 1e-6;
        using var scope = NewDisposeScope();
        var (student, teacher) = RelationLosses.Inputs(name, ScalarType.Float64, 4);
        var loss = RelationLosses.Of(name);
        var gradients = Golden.Gradients(loss(student, teacher), student).Select(one => one! / Golden.Numbers("cotangent0", 1)[0]).ToArray();
        using var ungraded = no_grad();
        for (var layer = 0; layer < student.Length; layer++)
        {
            var slopes = gradients[layer].reshape(-1).data<double>().ToArray();
            for (var i = 0; i < slopes.Length; i += 7)
            {
                Assert.Equal((At(layer, i, h) - At(layer, i, -h)) / (2 * h), slopes[i], 1e-5);
            }
        }

        double At(int layer, int i, double change)
        {
            using var inner = NewDisposeScope();
            var moved = student.Select(one => one.detach().clone()).ToArray();
            moved[layer].view(-1)[i] += change;
            return loss(moved, teacher).item<double>();
        }
    }

    [Theory]
    [InlineData("rkd rep_distiller")]
    [InlineData("rkd distance")]
    [InlineData("sp rep_distiller")]
    public void Kernel_DifferentiatedTwice_EqualsTheTensorOperations(string name)
    {
        using var scope = NewDisposeScope();
        AssertClose(Second(ScalarType.Float64), Second(ScalarType.Float32), 1e-3);

        Tensor Second(ScalarType dtype)
        {
            var (student, teacher) = RelationLosses.Inputs(name, dtype);
            var first = autograd.grad([RelationLosses.Of(name)(student, teacher)], student, retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.square().sum()], student)[0];
        }
    }

    /// <summary>Sizes around the kernel's tiles and chunks, and features that are not contiguous.</summary>
    [Fact]
    public void SimilarityPreserving_AnySize_EqualsTheTensorOperations()
    {
        foreach (var (batch, width) in ((long, long)[])[(1, 1), (3, 7), (4, 8), (10, 513), (31, 1030), (65, 100)])
        {
            using var scope = NewDisposeScope();
            var student = Golden.Tensor("s", [width, batch]).t().requires_grad_();
            var teacher = Golden.Tensor("t", [batch, width + 3]);
            var exact = student.detach().to(ScalarType.Float64).requires_grad_();
            var (value, expected) = (SimilarityPreservingLoss.Compute(student, teacher), SimilarityPreservingLoss.Compute(exact, teacher.to(ScalarType.Float64)));

            Assert.Equal(expected.item<double>(), value.item<float>(), 1e-6);
            Assert.Equal(0, (Golden.Gradients(expected, exact)[0]! - Golden.Gradients(value, student)[0]!).abs().max().item<double>(), 1e-5);
        }
    }

    /// <summary>A batch of one sample, as the last of an epoch may be, has no relations.</summary>
    [Theory]
    [InlineData("rkd rep_distiller")]
    [InlineData("sp rep_distiller")]
    [InlineData("cc-consecutive rep_distiller")]
    public void Loss_OneSample_IsZeroWithoutGradient(string name)
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            using var scope = NewDisposeScope();
            var (student, teacher) = RelationLosses.Inputs(name, dtype, batch: 1);
            var loss = RelationLosses.Of(name)(student, teacher);

            Assert.Equal(0, loss.to(ScalarType.Float64).item<double>(), 1e-12);
            Assert.Equal(0, Golden.Gradients(loss, student)[0]!.abs().sum().to(ScalarType.Float64).item<double>(), 1e-9);
        }
    }

    /// <summary>RepDistiller's gradient is not finite here: behind dead channels singular values of 0 coincide.</summary>
    [Fact]
    public void KdSvd_DeadChannelsAndEqualSingularValues_HasFiniteGradients()
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            using var scope = NewDisposeScope();
            var (student, teacher) = RelationLosses.Inputs("kd-svd rep_distiller", dtype);
            var dead = student.Select(layer => layer.detach().clone()).ToArray();
            dead[0].narrow(1, 1, 3).zero_();
            dead[1].zero_();
            Tensor[] layers = [.. dead.Select(layer => layer.requires_grad_())];
            Tensor[] same = [eye(4, dtype: dtype).reshape(1, 4, 2, 2).expand(7, 4, 2, 2).contiguous().requires_grad_(), layers[1]];

            foreach (var input in (Tensor[][])[layers, same])
            {
                var loss = KdSvdLoss.Compute(input, teacher);
                Assert.True(loss.isfinite().item<bool>());
                Assert.All(Golden.Gradients(loss, input), gradient => Assert.True(gradient!.isfinite().all().item<bool>()));
            }
        }
    }

    [Theory]
    [InlineData("rkd rep_distiller")]
    [InlineData("rkd angle")]
    public void Rkd_CoincidentSamples_HaveFiniteGradientsOfUsualSize(string name)
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            using var scope = NewDisposeScope();
            var (student, teacher) = RelationLosses.Inputs(name, dtype);
            var twins = student[0].detach().clone();
            twins[1] = twins[0];
            twins[4] = twins[0];
            twins.requires_grad_();
            var gradient = Golden.Gradients(RelationLosses.Of(name)([twins], teacher), twins)[0]!;

            Assert.True(gradient.abs().max().to(ScalarType.Float64).item<double>() < 10);
        }
    }

    [Fact]
    public void Loss_WrongArguments_NamesThem()
    {
        using var scope = NewDisposeScope();
        var (a, map) = (rand(4, 3), rand(4, 3, 2, 2));
        Assert.Throws<ArgumentException>("teacher", () => RkdLoss.Compute(a, rand(5, 3)));
        Assert.Throws<ArgumentException>("teacher", () => RkdLoss.Compute(a, rand(4, 3, dtype: ScalarType.Float64)));
        Assert.Throws<ArgumentException>("student", () => RkdLoss.Compute(rand(4), a));
        Assert.Throws<ArgumentException>("student", () => SimilarityPreservingLoss.Compute(rand(0, 3), rand(0, 3)));
        Assert.Throws<ArgumentException>("student", () => SimilarityPreservingLoss.Compute(ones(4, 3, ScalarType.Int64), a));
        Assert.Throws<ArgumentException>("teacher", () => ChannelCorrelationLoss.Compute(map, rand(4, 5, 2, 2)));
        Assert.Throws<ArgumentException>("student", () => FspLoss.Compute([map], [map]));
        Assert.Throws<ArgumentException>("teacher", () => FspLoss.Compute([map, map], [map]));
        Assert.Throws<ArgumentException>("teacher", () => FspLoss.Compute([map, map], [map, rand(4, 4, 2, 2)]));
        Assert.Throws<ArgumentException>("student", () => FspLoss.Compute([a, a], [a, a]));
        Assert.Throws<ArgumentException>("options", () => FspLoss.Compute([map, map], [map, map], new() { PairWeights = [1, 2] }));
        Assert.Throws<ArgumentException>("teacher", () => InstanceRelationshipLoss.Compute([map, a], [map, rand(4, 2)]));
        Assert.Throws<ArgumentException>("student", () => InstanceRelationshipLoss.Compute([map, rand(4, 4, 2, 2), a], [map, map, a]));
        Assert.Throws<ArgumentException>("teacher", () => ConsecutiveCorrelationLoss.Compute(a, rand(4, 5)));
        Assert.Throws<ArgumentException>("student", () => new ConsecutiveCorrelationLoss(7, 3).call(a, a));
        Assert.Throws<ArgumentOutOfRangeException>(() => KdSvdLoss.Compute([map, map], [map, map], vectors: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RkdLossOptions { AngleWeight = -1 });
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var (wanted, got) = (expected.detach().to(ScalarType.Float64), actual.detach().to(ScalarType.Float64));
        var largest = ((wanted - got).abs().max() / wanted.abs().max().clamp_min(1e-3)).item<double>();
        Assert.True(largest <= tolerance, $"off by {largest} of the largest, allowed {tolerance}");
    }
}
