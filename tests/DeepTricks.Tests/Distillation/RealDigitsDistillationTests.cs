using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Metrics;
using DeepTricks.Tests.Data;
using DeepTricks.Training;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;
using Sequential = TorchSharp.Modules.Sequential;

namespace DeepTricks.Tests.Distillation;

/// <summary>
/// What the losses of responses do to a student of 16 hidden units on real digits, over five seeds. The figures on their cards are the output of this test:
/// <c>dotnet test --filter RealDigitsDistillation --logger "console;verbosity=detailed"</c>. Alone, for weights come from the default generator.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class RealDigitsDistillationTests(ITestOutputHelper output)
{
    private static readonly long[] Seeds = [1, 2, 3, 4, 5];

    [RealMnistFact]
    public void Losses_OfResponses_HelpASmallStudent()
    {
        using var digits = Mnist.Load(new() { SearchFrom = Repository.Root, AllowDownload = false, AllowSynthetic = false });
        manual_seed(0);
        using var teacher = Network(300);
        Train(teacher, null, null, digits, "8ep", seed: 0);
        output.WriteLine(FormattableString.Invariant($"teacher: {100 * Error(teacher, digits):F2}"));

        var alone = Errors("alone", null, _ => []);
        var soft = Errors("soft targets", 0.1, _ => [TransferTerm.Of("kd", new KnowledgeDistillationLoss(), weight: 0.9)]);
        Errors("logits", null, _ => [TransferTerm.Of("logits", new LogitMatchingLoss(), weight: 0.1)]);
        Errors("standardized", 0.1, _ => [TransferTerm.Of("standardized", new StandardizedDistillationLoss(), weight: 9)]);
        Errors("decoupled", null, _ => [TransferTerm.Of("dkd", new DecoupledDistillationLoss(new() { OtherWeight = 2 }), weight: DecoupledDistillationLoss.WarmUp(epochs: 2))]);
        Errors("dist", null, _ => [TransferTerm.Of("dist", new DistLoss(), weight: 2)]);
        Errors("weighted soft labels", null, _ => [TransferTerm.Of("wsld", new WeightedSoftLabelLoss(new() { Temperature = 2 }), weight: 2.5)]);
        Errors("adjusted, shift", 0.1, _ => [TransferTerm.Of("shift", new KnowledgeAdjustmentLoss(), weight: 0.9)]);
        Errors("adjusted, smooth", 0.1, _ => [TransferTerm.Of("smooth", new KnowledgeAdjustmentLoss(new() { Method = AdjustmentMethod.Smooth }), weight: 0.9)]);
        Errors("noisy teacher", 0.1, Noisy);
        Errors("teacher-free", 0.9, _ => [TransferTerm.Of("tf", (student, _, lesson) => TeacherFreeLoss.Compute(student.Output, lesson.Labels!), weight: 10)]);
        Errors("contrast in the batch", null, seed => [InBatch(seed)]);
        Errors("discriminator and soft targets", 0.1, seed => [TransferTerm.Of("kd", new KnowledgeDistillationLoss(), weight: 0.9), .. Game(seed).Terms(weight: 0.1)]);

        Assert.True(soft.Average() < alone.Average());

        List<double> Errors(string name, double? mainWeight, Func<long, IReadOnlyList<TransferTerm>> terms)
        {
            var errors = new List<double>();
            foreach (var seed in Seeds)
            {
                manual_seed(seed);
                using var student = Network(16);
                var taught = terms(seed);
                Train(student, taught.Count == 0 ? null : new Distiller(student, new FrozenTeacher(teacher), taught), mainWeight, digits, "5ep", seed);
                errors.Add(Error(student, digits));
            }

            var (mean, count) = (errors.Average(), errors.Count);
            var spread = Math.Sqrt(errors.Sum(error => (error - mean) * (error - mean)) / (count - 1));
            output.WriteLine(FormattableString.Invariant($"| {name} | {100 * mean:F2} ± {100 * spread:F2} |"));
            return errors;
        }
    }

    private static IReadOnlyList<TransferTerm> Noisy(long seed)
    {
        var generator = new Generator((ulong)seed);
        return [TransferTerm.Of("noisy", (student, teacher, _) => KnowledgeDistillationLoss.Compute(student.Output, TeacherNoise.Apply(teacher.Output, generator)), weight: 0.9)];
    }

    private static TransferTerm InBatch(long seed) =>
        TransferTerm.Of("contrast", new InBatchContrastLoss(new() { StudentFeatures = 16, TeacherFeatures = 300 }, new Generator((ulong)seed)), Tap.Of("relu"), Tap.Of("relu"), weight: 0.8);

    private static AdversarialDistillation Game(long seed)
    {
        manual_seed(seed + 100);
        return new(nn.Sequential(nn.LayerNorm(10), nn.Linear(10, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1)));
    }

    private static Sequential Network(long hidden) =>
        nn.Sequential(("flatten", nn.Flatten()), ("fc1", nn.Linear(784, hidden)), ("relu", nn.ReLU()), ("fc2", nn.Linear(hidden, 10)));

    private static void Train(Sequential network, Distiller? distiller, double? mainWeight, Mnist digits, string duration, long seed)
    {
        using var optimizer = optim.SGD([.. network.parameters(), .. distiller?.Learners.parameters() ?? []], 0.02, momentum: 0.9);
        using var callback = distiller is null ? null : new DistillationCallback(distiller, mainWeight is { } weight ? Schedule.Constant(weight) : null);
        using var trainer = new Trainer(Objective.Classification(network), optimizer, callback is null ? [] : [callback]);
        trainer.Fit(new BatchLoader(digits.Train, new() { BatchSize = 64, Seed = seed }), duration);
    }

    private static double Error(Sequential network, Mnist digits)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using ErrorRate error = new();
        network.eval();
        error.Update(network.call(digits.Test.Inputs), digits.Test.Targets!);
        network.train();
        return error.Compute();
    }
}
