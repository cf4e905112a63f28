using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Contrastive distillation equals RepDistiller's code for the same negatives: value, gradients and memories, step after step.</summary>
public sealed class ContrastFixtureTests
{
    private const int Samples = 40;
    private static readonly GoldenFile File = GoldenFile.Read("distillation/contrast.json");

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, File.Cases.Count).Where(i => File.Cases[i].Text("kind") == "crd")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compute_StepsOfRepDistiller_EqualsThemWithGradientsAndMemories(int index)
    {
        using var scope = NewDisposeScope();
        var one = File.Cases[index];
        var dtype = one.Text("dtype") == "float64" ? ScalarType.Float64 : ScalarType.Float32;
        var (relative, absolute) = dtype == ScalarType.Float64 ? (1e-6, 1e-8) : (2e-4, 2e-6); // The constants are made from a mean in another order.
        using var loss = Filled(one, dtype);
        var parameters = loss.parameters().ToArray();
        Assert.Equal([.. one["names"].Parts.Select(name => name.Element.GetString()!).Order()], loss.state_dict().Keys.Order());
        for (var step = 0; step < one["steps"].Parts.Count; step++)
        {
            var expected = one["steps"].Parts[step];
            var (student, teacher, indices, contrasted) = Batch(one, step, dtype);

            var value = loss.Compute(student, teacher, indices, contrasted);

            expected.AssertEqual("out", value, relative, absolute);
            var gradients = autograd.grad([value], [student, .. parameters]);
            var wanted = expected["gradients"].Parts;
            Assert.Equal(wanted.Count, gradients.Count);
            var names = loss.named_parameters().Select(named => named.name).Prepend("student").ToArray();
            for (var i = 0; i < gradients.Count; i++)
            {
                expected["gradients"].AssertEqual(names[i], gradients[i], relative, absolute);
            }

            foreach (var (name, tensor) in loss.state_dict().Where(entry => entry.Key.StartsWith("contrast.")))
            {
                expected.AssertEqual(name["contrast.".Length..], tensor, relative, absolute);
            }

            Assert.Null(teacher.grad);
        }
    }

    [Fact]
    public void InBatch_SymmetricCrossEntropy_EqualsItWithGradients()
    {
        foreach (var one in File.Cases.Where(one => one.Text("kind") == "in-batch"))
        {
            using var scope = NewDisposeScope();
            using var loss = new InBatchContrastLoss(new() { StudentFeatures = 6, TeacherFeatures = 5, Dimension = 8 });
            loss.to(ScalarType.Float64);
            Fill(loss, 0.5, ScalarType.Float64);
            var student = Golden.Tensor("batch.student", [one.Integer("batch"), 6], dtype: ScalarType.Float64).requires_grad_();

            var value = loss.call(student, Golden.Tensor("batch.teacher", [one.Integer("batch"), 5], dtype: ScalarType.Float64));

            one.AssertEqual("out", value);
            var (names, tensors) = (loss.named_parameters().Select(named => named.name).Prepend("student").ToArray(), loss.parameters().Prepend(student).ToArray());
            var gradients = autograd.grad([value], tensors);
            for (var i = 0; i < names.Length; i++)
            {
                one["gradients"].AssertEqual(names[i], gradients[i], 1e-8, 1e-10);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Compute_DifferentiatedTwice_EqualsTheTensorOperations(bool frozenHead)
    {
        var one = File.Cases.First(one => one.Text("kind") == "crd" && one.Integer("batch") == 5);
        using var scope = NewDisposeScope();
        var (single, exact) = (Second(ScalarType.Float32), Second(ScalarType.Float64));

        Assert.True(exact.abs().max().item<double>() > 1e-3);
        Assert.True(single.to(ScalarType.Float64).allclose(exact, 1e-3, 1e-4), $"{single.to(ScalarType.Float64).sub(exact).abs().max().item<double>()}");

        Tensor Second(ScalarType dtype)
        {
            using var loss = Filled(one, dtype);
            foreach (var (name, parameter) in loss.named_parameters())
            {
                parameter.requires_grad = !(frozenHead && name.StartsWith("embed_t"));
            }

            var (student, teacher, indices, contrasted) = Batch(one, 0, dtype);
            loss.Compute(student, teacher, indices, contrasted);
            // The second batch, whose constants are there already; its rows of the memory are overwritten before the gradient is asked for.
            (student, teacher, indices, contrasted) = Batch(one, 1, dtype);
            var value = loss.Compute(student, teacher, indices, contrasted);
            var first = autograd.grad([value], [student], retain_graph: true, create_graph: true)[0];
            return autograd.grad([first.square().sum()], [student])[0];
        }
    }

    [Fact]
    public void StateDict_TakenAndLoadedBetweenSteps_ContinuesToTheBit()
    {
        var one = File.Cases.First(one => one.Text("kind") == "crd" && one.Integer("batch") == 5 && one.Text("dtype") == "float32");
        using var scope = NewDisposeScope();
        using var loss = Filled(one, ScalarType.Float32);
        using var later = new ContrastiveDistillationLoss(Options(one), new Generator(99));
        Run(loss, 0);
        Run(loss, 1);
        later.load_state_dict(loss.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone()));

        foreach (var step in (int[])[2, 3])
        {
            Assert.Equal(Run(loss, step), Run(later, step));
        }

        Assert.All(loss.state_dict().Zip(later.state_dict()), pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().item<bool>()));

        float Run(ContrastiveDistillationLoss which, int step)
        {
            var (student, teacher, indices, contrasted) = Batch(one, step, ScalarType.Float32);
            return which.Compute(student, teacher, indices, contrasted).item<float>();
        }
    }

    [Fact]
    public void Compute_InEvaluation_RemembersNothingOfTheBatch()
    {
        var one = File.Cases.First(one => one.Text("kind") == "crd" && one.Integer("batch") == 5 && one.Text("dtype") == "float32");
        using var scope = NewDisposeScope();
        using var loss = Filled(one, ScalarType.Float32);
        loss.eval();
        var before = loss.state_dict()["contrast.memory_v1"].clone();
        var (student, teacher, indices, contrasted) = Batch(one, 0, ScalarType.Float32);

        loss.Compute(student, teacher, indices, contrasted);

        Assert.True(before.eq(loss.state_dict()["contrast.memory_v1"]).all().item<bool>());
    }

    private static ContrastiveDistillationLossOptions Options(GoldenCase one) => new()
    {
        StudentFeatures = (int)one.Integer("students"),
        TeacherFeatures = (int)one.Integer("teachers"),
        Dimension = (int)one.Integer("dimension"),
        Negatives = (int)one.Integer("negatives"),
        Samples = Samples,
    };

    private static ContrastiveDistillationLoss Filled(GoldenCase one, ScalarType dtype)
    {
        var loss = new ContrastiveDistillationLoss(Options(one), new Generator(1));
        loss.to(dtype);
        Fill(loss, 0.2, dtype);
        return loss;
    }

    private static void Fill(nn.Module module, double scale, ScalarType dtype)
    {
        using var ungraded = no_grad();
        foreach (var (name, tensor) in module.state_dict().Where(entry => entry.Key != "contrast.params"))
        {
            tensor.copy_(Golden.Tensor(name, tensor.shape, scale, dtype: dtype));
        }
    }

    private static (Tensor Student, Tensor Teacher, Tensor Indices, Tensor Contrasted) Batch(GoldenCase one, int step, ScalarType dtype)
    {
        var batch = one.Integer("batch");
        var indices = ((arange(batch) * 7) + (3 * step)) % Samples;
        var contrasted = Golden.Integers($"crd.{step}.negatives", Samples, batch, one.Integer("negatives") + 1);
        contrasted.select(1, 0).copy_(step < 3 ? indices : (indices + 1) % Samples);
        return (Golden.Tensor($"crd.{step}.student", [batch, one.Integer("students")], dtype: dtype).requires_grad_(),
            Golden.Tensor($"crd.{step}.teacher", [batch, one.Integer("teachers")], dtype: dtype), indices, contrasted);
    }
}
