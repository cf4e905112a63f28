using DeepTricks.Checkpoints;
using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Training;
using TorchSharp;
using static DeepTricks.Tests.Distillation.SchemeNetworks;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DeepTricks.Tests.Distillation;

/// <summary>For every scheme with a frozen or stale teacher: nothing of it moves, gets gradients, or is the student's.</summary>
[Collection(ProcessWide.Name)]
public sealed class FrozenTeacherTests : IDisposable
{
    private const int Before = 3;
    private readonly string _folder = Directory.CreateTempSubdirectory("frozen-").FullName;
    private readonly SmallNetwork _student = Small();

    public static TheoryData<string> Schemes =>
        ["frozen", "group", "group of groups", "snapshot", "co-distillation", "route", "born-again controls", "teacher-free", "hints", "fixed paraphraser",
            "residual", "adversarial", "gate by confidence", "gate by label"];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Step_OfAnyScheme_LeavesTheTeacherAsItWas(string scheme)
    {
        using var scope = NewDisposeScope();
        using var distiller = Make(scheme, out var paraphraser);
        using var optimizer = optim.SGD([.. _student.parameters(), .. distiller.Learners.parameters()], 0.1, momentum: 0.9, weight_decay: 0.1);
        for (var step = 0; step < Before; step++) Step(distiller, optimizer, step);
        nn.Module[] frozen = [.. distiller.Teacher.Frozen, .. paraphraser is null ? [] : (nn.Module[])[paraphraser]];
        Assert.NotEmpty(frozen);
        // In training mode, normalisations would move.
        foreach (var network in distiller.Teacher.Frozen) network.train();
        var bits = frozen.Select(SmallNetwork.Bits).ToList();
        var own = SmallNetwork.Bits(_student);

        Step(distiller, optimizer, Before);

        Assert.NotEqual(own, SmallNetwork.Bits(_student));
        Assert.Equal(bits, frozen.Select(SmallNetwork.Bits));
        var tensors = frozen.SelectMany(network => network.state_dict().Values).Select(tensor => tensor.Handle).ToHashSet();
        Assert.All(frozen.SelectMany(network => network.parameters()), parameter => Assert.True(parameter.grad is null));
        Assert.DoesNotContain(_student.state_dict().Values, tensor => tensors.Contains(tensor.Handle));
        Assert.DoesNotContain(distiller.Learners.state_dict().Values, tensor => tensors.Contains(tensor.Handle));
        Assert.DoesNotContain(optimizer.parameters(), tensor => tensors.Contains(tensor.Handle));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void Step_AgainAndAgain_HoldsNoMoreTensors(string scheme)
    {
        using var distiller = Make(scheme, out _);
        using var optimizer = optim.SGD([.. _student.parameters(), .. distiller.Learners.parameters()], 0.01);
        List<long> live = [];
        for (var step = 0; step < 8; step++)
        {
            using (NewDisposeScope()) Step(distiller, optimizer, step);
            live.Add(ProcessWide.LiveTensors());
        }

        Assert.Equal(live[3], live[^1]);
    }

    public static TheoryData<string> Stale => ["snapshot", "co-distillation", "route"];

    [Theory]
    [MemberData(nameof(Stale))]
    public void Fit_StoppedAtAnyStepAndResumed_EqualsTheRunThatWasNot(string scheme)
    {
        var (images, labels) = Batch("data", 12);
        using var data = new InMemoryDataset(images, labels);
        var straight = Run("straight", 1, null);
        for (var stop = 1; stop < 8; stop++)
        {
            Run($"stopped-{stop}", 1, stop);
            Assert.True(straight.SequenceEqual(Run($"stopped-{stop}", 5, null)), $"stopped after step {stop}");
        }

        byte[] Run(string name, double scale, int? stop)
        {
            using var student = Small(scale: scale);
            using var optimizer = Sgd(student);
            using var distillation = new DistillationCallback(Make(scheme, out _, student, Path.Combine(_folder, name)));
            var file = Path.Combine(_folder, name, "run.safetensors");
            using var trainer = new Trainer(Objective.Classification(student), optimizer, [distillation, new Tests.Training.OnEvents
            {
                OnCheckpoint = trainer =>
                {
                    if (trainer.Step != stop || trainer.IsEpochEnd) return;
                    trainer.Save(file);
                    trainer.Stop();
                },
            }]);
            trainer.Fit(new BatchLoader(data, new() { BatchSize = 4, Seed = 3, PrefetchDepth = 0 }), "8st", new() { ResumeFrom = file });
            return SmallNetwork.Bits(student);
        }
    }

    public void Dispose()
    {
        _student.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Step(Distiller distiller, optim.Optimizer optimizer, int step)
    {
        var (images, labels) = Batch(step);
        optimizer.zero_grad();
        var result = distiller.Run(images, labels, time: new(step, StepsPerEpoch, Steps));
        (F.cross_entropy(result.Output, labels) + result.Total()).backward();
        optimizer.step();
    }

    private Distiller Make(string scheme, out nn.Module? paraphraser, SmallNetwork? student = null, string? folder = null)
    {
        student ??= _student;
        folder = Directory.CreateDirectory(folder ?? _folder).FullName;
        var soft = TransferTerm.Of("soft", new KnowledgeDistillationLoss());
        paraphraser = null;
        switch (scheme)
        {
            case "frozen": return new(student, new FrozenTeacher(Small(6)), soft);
            case "group": return new(student, Group(), soft);
            case "group of groups": return new(student, new TeacherGroup(new Dictionary<string, Teacher> { ["both"] = Group(), ["one"] = new FrozenTeacher(Small(5)) }), soft);
            case "gate by confidence": return new(student, Group(TeacherGate.ByConfidence()), soft);
            case "gate by label": return new(student, Group(TeacherGate.ByLabel), soft);
            case "residual": return new(student, new ResidualTeacher(new FrozenTeacher(Small(6)), new FrozenTeacher(Small(3))), TransferTerm.Of("residual", new LogitMatchingLoss()));
            case "adversarial":
                var discriminator = Filled(nn.Sequential(nn.Linear(Classes, 7), nn.LeakyReLU(0.2), nn.Linear(7, 1)));
                return new(student, new FrozenTeacher(Small(6)), [soft, .. new AdversarialDistillation(discriminator).Terms(weight: 0.5)]);
            case "snapshot": return new(student, new SnapshotTeacher(student, Small(scale: 3), "2st"), TransferTerm.Of("snapshot", new OneSidedDistillationLoss()));
            case "teacher-free": return new(student, new FrozenTeacher(Small(scale: 1.2)), TransferTerm.Of("self", new KnowledgeDistillationLoss(KnowledgeDistillationLossOptions.TeacherFree)));
            case "born-again controls":
                return new(student, new FrozenTeacher(Small(scale: 1.2)), TransferTerm.Of("sure", new ConfidenceWeightedLoss()), TransferTerm.Of("permuted", new PermutedKnowledgeLoss(3)));
            case "hints":
                return new(student, new FrozenTeacher(Small(6)), TransferTerm.Of("hint", new LogitMatchingLoss(), "layer2", "layer2", (nn.Module<Tensor, Tensor>)nn.Conv2d(8, 12, 1).to(ScalarType.Float64)));
            case "fixed paraphraser":
                var map = Filled(nn.Sequential(nn.Conv2d(12, 8, 1), nn.BatchNorm2d(8)));
                paraphraser = map;
                return new(student, new FrozenTeacher(Small(6)), TransferTerm.Of("factor", new LogitMatchingLoss(), [new TapPair("layer2", "layer2") { TeacherConnector = map }]));
            case "route":
                foreach (var scale in (int[])[1, 2])
                {
                    using var anchor = Small(6, scale);
                    SafeTensors.Save(Path.Combine(folder, $"{scale}.anchor"), anchor.state_dict());
                }
                return new(student, new AnchorTeacher(Small(6, 7), ("0st", Path.Combine(folder, "1.anchor")), ("2st", Path.Combine(folder, "2.anchor"))), soft);
            default:
                using (var other = Small(scale: 1.1)) SafeTensors.Save(Path.Combine(folder, "other.peer.safetensors"), other.state_dict());
                return new(student, new CodistillationTeacher(student, folder, "own", () => Small(scale: 9), new() { Interval = 2 }), soft);
        }

        static TeacherGroup Group(Func<IReadOnlyList<Tensor>, Lesson, Tensor>? combine = null) =>
            new(new Dictionary<string, Teacher> { ["a"] = new FrozenTeacher(Small(6)), ["b"] = new FrozenTeacher(Small(3)) }, combine);
    }
}
