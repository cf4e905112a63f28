using DeepTricks.Distillation;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

public sealed class DeepInversionTests
{
    private static readonly GoldenFile File = GoldenFile.Read("distillation/datafree.json");

    [Theory]
    [InlineData("inversion")]
    [InlineData("inversion-adaptive")]
    public void Step_FiveOfTheImages_EqualsTheAuthorsFunction(string name)
    {
        using var scope = NewDisposeScope();
        var one = File[name];
        var (teacher, student) = Networks();
        using var inversion = new DeepInversion(teacher, student, new()
        {
            TotalVariationWeight = one.Number("var_scale"),
            StatisticsWeight = one.Number("bn_reg_scale"),
            L2Weight = one.Number("l2_coeff"),
            CompetitionWeight = one.Number("competitive_scale"),
        });
        var labels = tensor(one.Integers("labels"));
        var images = new Parameter(Golden.Tensor("inversion.noise", [3, 3, 32, 32], 1.5, dtype: ScalarType.Float64));
        var optimizer = optim.Adam([images], 0.1);
        var losses = one["shifts"].Parts.Select(shift => inversion.Step(images, labels, optimizer, shift.Element[0].GetInt64(), shift.Element[1].GetInt64())).ToArray();

        one.AssertEqual("images", images, 1e-7, 1e-9);
        Assert.Equal(losses.Min(), inversion.BestLoss);
        Assert.True(inversion.Best!.ne(images).any().item<bool>());
    }

    [Fact]
    public void Step_Networks_KeepStateModesAndHaveNoGradients()
    {
        using var scope = NewDisposeScope();
        var (teacher, student) = Networks();
        teacher.train();
        student.train();
        nn.Module[] networks = [teacher, student];
        var before = networks.SelectMany(network => network.state_dict().Values).Select(entry => entry.clone()).ToArray();
        using var inversion = new DeepInversion(teacher, student, new() { CompetitionWeight = 1 });
        using var random = new Generator(3);
        var images = inversion.Begin([2, 3, 16, 16], random);
        inversion.Step(images, tensor([1L, 2L]), optim.Adam([images], 0.05), random);

        Assert.NotNull(images.grad);
        Assert.All(networks.SelectMany(network => network.parameters()), parameter => Assert.True(parameter.grad is null && parameter.requires_grad));
        Assert.All(networks.SelectMany(network => network.state_dict().Values).Zip(before), pair => Assert.True(pair.First.eq(pair.Second).all().item<bool>()));
        Assert.True(teacher.training && student.training);
    }

    /// <summary>In the end the teacher sees the classes, in the statistics that it was made with.</summary>
    [Fact]
    public void Step_ManyFromOneSeed_FindsClassesAndStatisticsTheSameEachTime()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Inverted(), Inverted());

        Assert.True(first.Images.eq(second.Images).all().item<bool>());
        Assert.True(first.Target.Last < first.Target.First / 2 && first.Statistics.Last < first.Statistics.First * 0.9, $"{first}");

        static (Tensor Images, (double First, double Last) Target, (double First, double Last) Statistics) Inverted()
        {
            var (teacher, _) = Networks();
            using (no_grad())
            {
                // Classes that differ, and statistics of images.
                teacher.get_parameter("fc.weight")!.mul_(20);
                teacher.train();
                for (var batch = 0; batch < 30; batch++)
                {
                    var small = Golden.Tensor($"images{batch}", [16, 3, 4, 4], dtype: ScalarType.Float64);
                    teacher.call(nn.functional.interpolate(small, [16, 16], mode: InterpolationMode.Bilinear, align_corners: false));
                }
            }

            using var inversion = new DeepInversion(teacher, options: new() { StatisticsWeight = 1 });
            using var random = new Generator(7);
            var images = inversion.Begin([4, 3, 16, 16], random);
            var labels = tensor([0L, 3L, 5L, 9L]);
            var optimizer = optim.Adam([images], 0.1);
            var before = inversion.Terms(images, labels);
            for (var step = 0; step < 60; step++)
            {
                inversion.Step(images, labels, optimizer, random);
            }

            var after = inversion.Terms(inversion.Best!, labels);
            return (inversion.Best!.clone(), Of("target"), Of("statistics"));

            (double First, double Last) Of(string name) => (Value(before, name), Value(after, name));

            static double Value(IReadOnlyList<LossTerm> terms, string name) => terms.Single(term => term.Name == name).Value.item<double>();
        }
    }

    [Fact]
    public void Constructor_NothingToMatch_SaysWhatIsMissing()
    {
        Assert.Throws<ArgumentException>("teacher", () => new DeepInversion(LeNet.Teacher()));
        Assert.Throws<ArgumentException>("student", () => new DeepInversion(new SmallNormed(2), options: new() { CompetitionWeight = 1 }));
        using var inversion = new DeepInversion(new SmallNormed(2));
        Assert.Throws<ArgumentException>("labels", () => inversion.Terms(zeros(2, 3, 8, 8), zeros(3, ScalarType.Int64)));
        Assert.Throws<ArgumentException>("images", () => inversion.Terms(zeros(2, 3), zeros(2, ScalarType.Int64)));
    }

    private static (SmallNormed Teacher, SmallNormed Student) Networks() =>
        (Golden.Fill((SmallNormed)new SmallNormed(4).to(ScalarType.Float64)), Golden.Fill((SmallNormed)new SmallNormed(3).to(ScalarType.Float64)));
}
