using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>What all losses of features have in common: twins, second derivatives, equal features, constants, edge cases, bad input.</summary>
public sealed class FeatureLossTests
{
    /// <summary>Whole vectors and rests, one sample, and enough for several threads.</summary>
    private static readonly long[][] Shapes = [[3, 6, 4, 4], [1, 5, 7, 3], [4, 19, 24, 24]];

    /// <summary>Losses that are 0 where both features are the same; a boundary has a margin.</summary>
    public static TheoryData<string> Distances => [.. FeatureLosses.All.Keys.Where(name => !name.StartsWith("boundary", StringComparison.Ordinal))];

    public static TheoryData<string> Names => [.. FeatureLosses.All.Keys];

    public static TheoryData<string> Attentions => [.. FeatureLosses.All.Keys.Where(name => name.StartsWith("attention", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_InSinglePrecision_EqualsDoubleWithGradients(string name)
    {
        foreach (var shape in Shapes)
        {
            using var scope = NewDisposeScope();
            var (single, exact) = (FirstAndGradient(name, ScalarType.Float32, shape), FirstAndGradient(name, ScalarType.Float64, shape));

            // Neighbourhoods of a few random samples are nearly alike, and their divergence is what is left of the rounding.
            var tolerance = name.StartsWith("probabilistic", StringComparison.Ordinal) ? 1e-3 : 1e-5;
            AssertClose(exact.Loss, single.Loss, tolerance);
            AssertClose(exact.Gradient, single.Gradient, 10 * tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_DifferentiatedTwice_EqualsDouble(string name)
    {
        using var scope = NewDisposeScope();

        AssertClose(Second(ScalarType.Float64), Second(ScalarType.Float32), 1e-3);

        Tensor Second(ScalarType dtype)
        {
            var (student, teacher) = FeatureLosses.Inputs(dtype, 3, 6, 4, 4);
            var first = autograd.grad([FeatureLosses.All[name](student, teacher)], [student], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.square().sum()], [student])[0];
        }
    }

    [Theory]
    [MemberData(nameof(Attentions))]
    public void Attention_InDouble_HasTheSlopesOfFiniteDifferences(string name)
    {
        const double Step = 1e-6;
        using var scope = NewDisposeScope();
        var (student, teacher) = FeatureLosses.Inputs(ScalarType.Float64, 2, 3, 3, 2);
        var gradient = FirstAndGradient(name, ScalarType.Float64, [2, 3, 3, 2]).Gradient.flatten();
        for (var i = 0; i < student.numel(); i++)
        {
            double At(double step)
            {
                var moved = student.detach().clone().flatten();
                moved[i] += step;
                return FeatureLosses.All[name](moved.view(student.shape), teacher).item<double>();
            }

            Assert.Equal((At(Step) - At(-Step)) / (2 * Step), gradient[i].item<double>(), 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Distances))]
    public void Loss_OfEqualFeatures_IsZeroWithoutASlope(string name)
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            var (student, _) = FeatureLosses.Inputs(dtype, 3, 6, 4, 4);
            var loss = FeatureLosses.All[name](student, student);
            var gradient = autograd.grad([loss], [student])[0];

            Assert.Equal(0, loss.to(ScalarType.Float64).item<double>(), 1e-6);
            // Distances that are no squares have a corner there, where 0 is taken.
            Assert.True(gradient.abs().max().to(ScalarType.Float64).item<double>() < 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_TheTeachersSide_IsAConstant(string name)
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = FeatureLosses.Inputs(ScalarType.Float32, 3, 6, 4, 4);
        teacher.requires_grad_();

        FeatureLosses.All[name](student, teacher).backward();

        Assert.NotNull(student.grad);
        Assert.Null(teacher.grad);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_OfASilentStudent_HasAFiniteSlope(string name)
    {
        using var scope = NewDisposeScope();
        var student = zeros(3, 6, 4, 4).requires_grad_();
        var (_, teacher) = FeatureLosses.Inputs(ScalarType.Float32, 3, 6, 4, 4);

        var loss = FeatureLosses.All[name](student, teacher);
        loss.backward();

        Assert.True(loss.isfinite().item<bool>());
        // A standard deviation has no slope at a constant, in the original neither.
        Assert.True(name.StartsWith("pearson", StringComparison.Ordinal) || student.grad!.isfinite().all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_OfTransposedMemory_IsTheSame(string name)
    {
        foreach (var channels in (long[])[6, 21])
        {
            foreach (var (isStudent, isTeacher) in ((bool, bool)[])[(true, true), (true, false), (false, true)])
            {
                using var scope = NewDisposeScope();
                var (student, teacher) = FeatureLosses.Inputs(ScalarType.Float32, 3, channels, 4, 4);
                var (turned, wanted) = (isStudent ? Turned(student).requires_grad_() : student, isTeacher ? Turned(teacher) : teacher);

                var (loss, same) = (FeatureLosses.All[name](student, teacher), FeatureLosses.All[name](turned, wanted));

                Assert.Equal(isStudent, !turned.is_contiguous());
                AssertClose(loss, same, 1e-6);
                AssertClose(First(loss, student), First(same, turned), 1e-5);
                // Scaled, as by a weight, and differentiated once more.
                var (again, sameAgain) = (FeatureLosses.All[name](student, teacher) * 3, FeatureLosses.All[name](turned, wanted) * 3);
                AssertClose(Second(again, student), Second(sameAgain, turned), 1e-4);
            }
        }

        static Tensor First(Tensor loss, Tensor student) => autograd.grad([loss], [student])[0];

        static Tensor Second(Tensor loss, Tensor student)
        {
            var first = autograd.grad([loss], [student], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.square().sum()], [student])[0];
        }

        static Tensor Turned(Tensor maps) => maps.detach().permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_InHalfAsManyDigits_IsThatOfTheWidened(string name)
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = FeatureLosses.Inputs(ScalarType.BFloat16, 3, 6, 4, 4);

        var loss = FeatureLosses.All[name](student, teacher);

        Assert.Equal(ScalarType.BFloat16, loss.dtype);
        AssertClose(FeatureLosses.All[name](student.to(ScalarType.Float32), teacher.to(ScalarType.Float32)), loss.to(ScalarType.Float32), 1e-2);
        Assert.Equal(ScalarType.BFloat16, autograd.grad([loss], [student])[0].dtype);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_OfWhatDoesNotFit_SaysSo(string name)
    {
        using var scope = NewDisposeScope();
        var loss = FeatureLosses.All[name];
        var (student, teacher) = FeatureLosses.Inputs(ScalarType.Float32, 3, 6, 4, 4);

        Assert.Equal("teacher", Assert.Throws<ArgumentException>(() => loss(student, teacher.to(ScalarType.Float64))).ParamName);
        Assert.Equal("teacher", Assert.Throws<ArgumentException>(() => loss(student, teacher[..2])).ParamName);
        Assert.Equal("student", Assert.Throws<ArgumentException>(() => loss(student.to(ScalarType.Int64), teacher)).ParamName);
        Assert.Throws<ArgumentNullException>(() => loss(null!, teacher));
        Assert.Throws<ArgumentNullException>(() => loss(student, null!));
    }

    [Fact]
    public void Attention_OfALayer_IsADirectionOverThePlaces()
    {
        using var scope = NewDisposeScope();
        var maps = Golden.Tensor("maps", [2, 3, 4, 5]);

        var attention = AttentionTransferLoss.Attention(maps);

        Assert.Equal([2, 20], attention.shape);
        Assert.True(attention.square().sum([1]).allclose(ones(2)));
        Assert.True(attention.allclose(AttentionTransferLoss.Attention(maps * 3)));
    }

    [Fact]
    public void Attention_OfSeveralThreads_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var threads = get_num_threads();
        var (student, teacher) = FeatureLosses.Inputs(ScalarType.Float32, 8, 32, 24, 24);
        try
        {
            set_num_threads(1);
            var one = AttentionTransferLoss.Compute(student, teacher);
            set_num_threads(3);
            var three = AttentionTransferLoss.Compute(student, teacher);

            Assert.Equal(one.item<float>(), three.item<float>());
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void LayerWeights_OfFourLayers_HalveTowardsTheInput() => Assert.Equal([0.125, 0.25, 0.5, 1], LayerWeights.HalvedTowardsInput(4));

    [Fact]
    public void ActivationBoundary_BeyondTheMargin_CostsNothing()
    {
        using var scope = NewDisposeScope();
        var teacher = tensor(new[] { 3f, -2, 0.5f, -4 }).view(2, 2);

        Assert.Equal(0, ActivationBoundaryLoss.Compute(teacher.sign() * 1.5, teacher).item<float>());
        // The second value is on the wrong side by 1 and its margin: (1 + 1)² over two samples, times 3/1000.
        Assert.Equal(4.0 / 2 * 3 / 1000, ActivationBoundaryLoss.Compute(tensor(new[] { 3f, 1, 2, -1 }).view(2, 2), teacher).item<float>(), 1e-7);
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AttentionTransferLossOptions { Power = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AttentionTransferLossOptions { Epsilon = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HintLossOptions { Factor = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NeuronSelectivityLossOptions { Degree = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NeuronSelectivityLossOptions { Offset = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskedGenerationLossOptions { MaskRatio = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChannelWiseLoss(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConnectorOptions { LeadingTokens = -1 });
        Assert.Throws<ArgumentException>(() => new VariationalInformationLoss(2, 3, new() { InitialVariance = 1e-9 }));
        Assert.Throws<ArgumentException>(() => new Paraphraser(1));
    }

    private static (Tensor Loss, Tensor Gradient) FirstAndGradient(string name, ScalarType dtype, long[] shape)
    {
        var (student, teacher) = FeatureLosses.Inputs(dtype, shape);
        var loss = FeatureLosses.All[name](student, teacher);
        return (loss.detach(), autograd.grad([loss], [student])[0]);
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        var (wanted, found) = (expected.detach().to(ScalarType.Float64), actual.detach().to(ScalarType.Float64));
        // The neighbours of a single sample are itself: what is left then is rounding.
        var scale = Math.Max(wanted.abs().max().item<double>(), 1e-12);
        var difference = (wanted - found).abs().max().item<double>();
        Assert.True(difference <= tolerance * scale, $"Off by {difference:G3} of {scale:G3}.");
    }
}
