using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Contrastive distillation as a term, its arguments, and what it leaves behind. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class ContrastTests
{
    private static ContrastiveDistillationLossOptions Options { get; } = new() { StudentFeatures = 8, TeacherFeatures = 12, Dimension = 16, Samples = 30, Negatives = 20 };

    [Fact]
    public void Term_InADistiller_IsTheLossOfItsFeaturesWithNegativesByStep()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (new SmallNetwork(), new SmallNetwork(width: 6));
        using ContrastiveDistillationLoss loss = new(Options, new Generator(1)), byHand = new(Options, new Generator(1));
        using var distiller = new Distiller(student, new FrozenTeacher(teacher), loss.Term(Tap.InputOf("fc"), Tap.InputOf("fc"), seed: 9));
        var (images, labels) = SmallNetwork.Batch();
        long[] indices = [3, 29, 0, 7, 11, 12];

        var result = distiller.Run(images, labels, indices, new TrainingTime(5, 10, 100));

        teacher.eval();
        Tensor Features(SmallNetwork network) => network.layer2.call(network.layer1.call(images)).mean([2, 3]);
        var drawn = ContrastSampler.Uniform(30).Draw(indices, 20, seed: 9, step: 5);
        var expected = byHand.Compute(Features(student), Features(teacher), tensor(indices), drawn);
        Assert.Equal(expected.item<float>(), result.Terms[0].Value.item<float>(), 1e-5f);
        Assert.Equal(0.8, result.Terms[0].Weight);
        Assert.Contains(distiller.Learners.state_dict().Keys, name => name.EndsWith("contrast.memory_v1"));
        result.Total().backward();
        Assert.All(loss.parameters(), parameter => Assert.NotNull(parameter.grad));
        Assert.All(teacher.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Term_LessonWithoutIndices_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var loss = new ContrastiveDistillationLoss(Options, new Generator(1));
        using var distiller = new Distiller(new SmallNetwork(), new FrozenTeacher(new SmallNetwork(width: 6)), loss.Term(Tap.InputOf("fc"), Tap.InputOf("fc"), seed: 9));

        Assert.Contains("\"crd\"", Assert.Throws<InvalidOperationException>(() => distiller.Run(SmallNetwork.Batch().Images)).Message);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Term_RunStoppedAndResumed_IsTheSameToTheBit(int stopAt)
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("contrast-").FullName;
        try
        {
            var straight = Run("straight", null);
            Run("stopped", stopAt);
            Assert.Equal(straight, Run("stopped", null));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        byte[] Run(string name, int? stop)
        {
            using var cancellation = new CancellationTokenSource();
            var (student, teacher) = (new SmallNetwork(), new SmallNetwork(width: 6));
            // What is drawn here must not matter to a run that is resumed.
            using var loss = new ContrastiveDistillationLoss(Options, new Generator(name == "straight" || stop is not null ? 1ul : 2ul));
            var (images, labels) = SmallNetwork.Batch(rows: 30);
            var stage = new Stage("contrast", new BatchLoader(new InMemoryDataset(images, labels), new() { BatchSize = 10, Seed = 3 }), "8st", () =>
            {
                var distiller = new Distiller(student, new FrozenTeacher(teacher), loss.Term(Tap.InputOf("fc"), Tap.InputOf("fc"), seed: 9));
                return new(Objective.Classification(student), optim.SGD([.. student.parameters(), .. distiller.Learners.parameters()], 0.05),
                    [new DistillationCallback(distiller), new OnBatchEnd(step => { if (step.Trainer.Step == stop) cancellation.Cancel(); })]);
            });
            new Recipe(Path.Combine(folder, name), new Dictionary<string, nn.Module> { ["student"] = student, ["contrast"] = loss }, stage).Run(cancellation.Token);
            return [.. SmallNetwork.Bits(student), .. SmallNetwork.Bits(loss)];
        }
    }

    [Fact]
    public void Forward_OneSeed_DrawsTheSameNegatives()
    {
        using var scope = NewDisposeScope();
        var (student, teacher, indices) = (rand(4, 8), rand(4, 12), tensor(new long[] { 1, 5, 9, 2 }));
        float[] Run()
        {
            using var loss = new ContrastiveDistillationLoss(Options, new Generator(3));
            return [loss.call(student, teacher, indices).item<float>(), loss.call(student, teacher, indices).item<float>()];
        }

        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void Compute_ArgumentsThatDoNotFit_NamesTheParameterAndLeaksNothing()
    {
        using var scope = NewDisposeScope();
        using var loss = new ContrastiveDistillationLoss(Options, new Generator(1));
        var (student, teacher, indices, contrasted) = (rand(4, 8).requires_grad_(), rand(4, 12), arange(4), zeros(4, 21, ScalarType.Int64));
        var wrong = new (Tensor Student, Tensor Teacher, Tensor Indices, Tensor Contrasted, string Parameter)[]
        {
            (rand(4, 9), teacher, indices, contrasted, "student"), (student.to(ScalarType.Float64), teacher, indices, contrasted, "student"),
            (student, rand(4, 8), indices, contrasted, "teacher"), (student, rand(3, 12), indices, contrasted, "teacher"),
            (student, teacher, indices.to(ScalarType.Int32), contrasted, "indices"), (student, teacher, arange(3), contrasted, "indices"),
            (student, teacher, indices + 27, contrasted, "indices"), (student, teacher, indices, contrasted + 30, "contrasted"),
            (student, teacher, indices, contrasted - 1, "contrasted"), (student, teacher, indices, zeros(4, ScalarType.Int64), "contrasted"),
            (student, teacher, indices, zeros(4, 1, ScalarType.Int64), "contrasted"), (zeros(4, 8, device: META), teacher, indices, contrasted, "student"),
        };
        var before = ProcessWide.LiveTensors();
        foreach (var one in wrong)
        {
            var exception = Assert.ThrowsAny<ArgumentException>(() => loss.Compute(one.Student, one.Teacher, one.Indices, one.Contrasted));
            Assert.Equal(one.Parameter, exception.ParamName);
        }

        Assert.Equal(before, ProcessWide.LiveTensors());
        Assert.Throws<ArgumentException>(() => new ContrastiveDistillationLoss(Options with { Sampler = ContrastSampler.Uniform(31) }, new Generator(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContrastiveDistillationLossOptions { StudentFeatures = 0, TeacherFeatures = 1, Samples = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Options with { Momentum = 1.5 });
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Compute_OverManySteps_KeepsTheNumberOfTensors(ScalarType dtype)
    {
        using var loss = new ContrastiveDistillationLoss(Options, new Generator(1));
        using var batch = new InBatchContrastLoss(new() { StudentFeatures = 8, TeacherFeatures = 12, Dimension = 16 }, new Generator(1));
        loss.to(dtype);
        batch.to(dtype);
        using var student = ones(4, 8, dtype).requires_grad_();
        using var teacher = ones(4, 12, dtype);
        using var indices = arange(4);
        void Step()
        {
            using var scope = NewDisposeScope();
            student.grad = null;
            loss.zero_grad();
            (loss.call(student, teacher, indices) + batch.call(student, teacher)).backward();
            loss.call(student, teacher, indices);
        }

        Step();
        ProcessWide.AssertFlat(Step);
    }

    private sealed class OnBatchEnd(Action<StepContext> act) : Callback
    {
        public override void BatchEnd(StepContext step) => act(step);
    }
}
