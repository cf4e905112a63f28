using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

public sealed class DaflTests
{
    private static readonly GoldenFile File = GoldenFile.Read("distillation/datafree.json");

    [Fact]
    public void Step_FiveOfBothNetworks_EqualsTheAuthorsLoop()
    {
        using var scope = NewDisposeScope();
        var one = File["dafl"];
        var (teacher, student, generator) = Networks();
        Assert.Equal(one["generator_names"].Parts.Select(part => part.Element[0].GetString()).Order(), generator.state_dict().Keys.Order());
        using var dafl = new Dafl(teacher, student, generator, Tap.InputOf("fc1"));
        var (ofGenerator, ofStudent) = (optim.SGD(generator.parameters(), 0.05), optim.Adam(student.parameters(), 2e-3));

        foreach (var (expected, i) in one["steps"].Parts.Select((part, i) => (part, i)))
        {
            var terms = dafl.Step(Golden.Tensor($"dafl.noise{i}", [4, 6], 2, dtype: ScalarType.Float64), ofGenerator, ofStudent);
            Assert.Equal(expected.Element.EnumerateArray().Select(value => value.GetDouble()), terms.Select(term => term.Value.item<double>()),
                (a, b) => Math.Abs(a - b) <= 1e-8 * Math.Max(1, Math.Abs(a)));
        }

        foreach (var (key, network) in new (string, nn.Module)[] { ("generator", generator), ("student", student) })
        {
            var entries = network.state_dict();
            Assert.All(one[key].Parts, part => part.AsSample().AssertEqual(entries[part.Name[$"dafl.{key}.".Length..]], 1e-6, 1e-8));
        }
    }

    /// <summary>Nothing of the teacher changes, not its modes either.</summary>
    [Fact]
    public void Step_Teacher_KeepsStateModesAndHasNoGradients()
    {
        using var scope = NewDisposeScope();
        var (teacher, student, generator) = Networks();
        teacher.train();
        var before = teacher.state_dict().Select(entry => entry.Value.clone()).ToArray();
        using var dafl = new Dafl(teacher, student, generator, "fc1", DaflOptions.MmRazor);
        using var random = new Generator(5);
        foreach (var term in dafl.Step(Dafl.Noise(3, 6, random, generator), optim.Adam(generator.parameters()), optim.Adam(student.parameters())))
        {
            term.Value.Dispose();
        }

        Assert.All(teacher.parameters(), parameter => Assert.True(parameter.grad is null && parameter.requires_grad));
        Assert.All(teacher.state_dict().Zip(before), pair => Assert.True(pair.First.Value.eq(pair.Second).all().item<bool>()));
        Assert.All(student.parameters().Concat(generator.parameters()), parameter => Assert.NotNull(parameter.grad));
        Assert.True(teacher.training);
    }

    [Fact]
    public void Step_SameSeed_GivesTheSameBits()
    {
        using var scope = NewDisposeScope();
        Assert.True(Trained().eq(Trained()).all().item<bool>());

        static Tensor Trained()
        {
            var (teacher, student, generator) = Networks();
            using var dafl = new Dafl(teacher, student, generator, Tap.InputOf("fc1"));
            using var random = new Generator(11);
            var optimizer = optim.SGD([.. generator.parameters(), .. student.parameters()], 0.01);
            for (var i = 0; i < 2; i++)
            {
                dafl.Step(Dafl.Noise(3, 6, random, generator), optimizer);
            }

            return student.parameters().First().detach();
        }
    }

    [Fact]
    public void Constructor_NoSuchLayer_NamesIt() =>
        Assert.Contains("conv9", Assert.Throws<ArgumentException>(() => new Dafl(LeNet.Teacher(), LeNet.Student(), new DaflGenerator(), "conv9")).Message);

    [Fact]
    public void InformationEntropy_OneClassOnly_IsZeroWithFiniteGradient()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[,] { { 500, 0, 0 }, { 500, 0, 0 } }).requires_grad_();
        var value = DaflLoss.InformationEntropy(logits);

        Assert.Equal(0, value.item<float>(), 1e-6);
        Assert.True(Golden.Gradients(value, logits)[0]!.isfinite().all().item<bool>());
    }

    private static (LeNet Teacher, LeNet Student, DaflGenerator Generator) Networks()
    {
        var teacher = Golden.Fill((LeNet)LeNet.Teacher().to(ScalarType.Float64));
        using (no_grad())
        {
            foreach (var parameter in teacher.parameters().Where(parameter => parameter.dim() > 1))
            {
                parameter.mul_(3);
            }
        }

        return (teacher, Golden.Fill((LeNet)LeNet.Student().to(ScalarType.Float64)), Golden.Fill((DaflGenerator)new DaflGenerator(latentSize: 6).to(ScalarType.Float64)));
    }
}
