using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Testing;
using DeepTricks.Tests.Training;
using DeepTricks.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>A recipe that ended in any stage, at any step, gives the weights of one that did not. Alone, for stages draw from the default generator.</summary>
[Collection(ProcessWide.Name)]
public sealed class RecipeTests : IDisposable
{
    private const int StepsOfAStage = 6;
    private readonly string _folder = Directory.CreateTempSubdirectory("recipe-").FullName;

    public static TheoryData<string> Recipes => ["fitnets", "factor transfer", "overhaul"];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Run_CancelledAtAnyStepOfEachStageAndResumed_EqualsTheRunThatWasNot(string kind)
    {
        var straight = Run(kind, "straight", seed: 1, stopAt: null);

        foreach (var stage in (int[])[0, 1])
            foreach (var step in (int[])[1, 4, StepsOfAStage, Random.Shared.Next(2, StepsOfAStage)])
            {
                var name = $"{kind}-{stage}-{step}-{Guid.NewGuid():N}";
                Run(kind, name, seed: 1, stopAt: (stage, step));
                // A new process: other weights, other random numbers, which must not matter.
                var resumed = Run(kind, name, seed: 99, stopAt: null);
                Assert.True(straight.SequenceEqual(resumed), $"{kind} stopped in stage {stage} after step {step} differs.");
            }
    }

    [Fact]
    public void Run_KilledBetweenCheckpoints_EqualsTheRunThatWasNot()
    {
        var straight = Run("fitnets", "straight", seed: 1, stopAt: null);

        Assert.Throws<IOException>(() => Run("fitnets", "killed", seed: 1, stopAt: (1, 5), kill: true));
        var resumed = Run("fitnets", "killed", seed: 99, stopAt: null);

        Assert.Equal(straight, resumed);
    }

    [Fact]
    public void Run_WhenAllIsDone_OnlyReadsTheResult()
    {
        var once = Run("fitnets", "once", seed: 1, stopAt: null);
        var written = Directory.GetFiles(Path.Combine(_folder, "once"), "*", SearchOption.AllDirectories).Select(file => (file, File.GetLastWriteTimeUtc(file))).ToList();

        Assert.Equal(once, Run("fitnets", "once", seed: 5, stopAt: null));
        Assert.All(written, one => Assert.Equal(one.Item2, File.GetLastWriteTimeUtc(one.file)));
    }

    [Fact]
    public void Run_TheFolderOfAnotherRecipe_NamesBoth()
    {
        using var network = new SmallNetwork();
        var data = new InMemoryDataset(Golden.Tensor("images", [4, 1, 8, 8]), Golden.Integers("labels", 5, 4));
        Stage Of(string name) => new(name, new BatchLoader(data), "1st", () => new(Objective.Classification(network), optim.SGD(network.parameters(), 0.1)));
        new Recipe(_folder, new Dictionary<string, nn.Module> { ["student"] = network }, Of("a"), Of("b")).Run();
        Directory.Move(Path.Combine(_folder, "02-b"), Path.Combine(_folder, "02-c"));

        var error = Assert.Throws<InvalidDataException>(() => new Recipe(_folder, new Dictionary<string, nn.Module> { ["student"] = network }, Of("a"), Of("c")).Run());

        Assert.Contains("the stages a, b; this one has a, c", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private byte[] Run(string kind, string name, long seed, (int Stage, int Step)? stopAt, bool kill = false)
    {
        manual_seed(seed);
        using var teacher = new SmallNetwork(width: 6);
        using var student = new SmallNetwork(fill: seed == 1);
        using var regressor = new ConvolutionalRegressor([5, 8, 2, 2], [5, 12, 2, 2]);
        using var paraphraser = new Paraphraser(12);
        using var translator = new Translator(8, 12);
        using var connector = nn.Sequential(nn.Conv2d(8, 12, 1, bias: false), nn.BatchNorm2d(12));
        if (seed == 1)
            foreach (var module in (nn.Module[])[regressor, paraphraser, translator, connector]) Golden.Fill(module);
        using var data = new InMemoryDataset(Golden.Tensor("images", [15, 1, 8, 8]), Golden.Integers("labels", 5, 15));
        var loader = new BatchLoader(data, new() { BatchSize = 5, Seed = 2, PrefetchDepth = 0 });
        using var cancellation = new CancellationTokenSource();
        var networks = new Dictionary<string, nn.Module>
        {
            ["student"] = student,
            ["regressor"] = regressor,
            ["paraphraser"] = paraphraser,
            ["translator"] = translator,
            ["connector"] = connector,
        };

        var recipe = new Recipe(Path.Combine(_folder, name), networks, kind switch
        {
            // Hints through a regressor, and then the logits: the regressor of the first stage is gone in the second.
            "fitnets" => [Stage("hints", () => Distilled(Hint(), mainWeight: 0)), Stage("logits", () => Distilled(Logits(), mainWeight: 0.5))],
            // The paraphraser learns to rebuild the teacher's maps; the student learns what it makes of them.
            "factor transfer" => [Stage("paraphraser", Paraphrase), Stage("student", () => Distilled(Factor(), mainWeight: 1))],
            // The connector goes on from the first stage to the second.
            _ => [Stage("features", () => Distilled(Overhaul(), mainWeight: 0)), Stage("together", () => Distilled(Overhaul(), mainWeight: 1))],
        });
        var complete = recipe.Run(cancellation.Token);
        Assert.Equal(stopAt is null or (1, StepsOfAStage), complete);
        if (complete) Assert.All(recipe.Histories, history => Assert.Equal(2, history.Value.Count));
        return [.. networks.Values.SelectMany(SmallNetwork.Bits)];

        Stage Stage(string title, Func<StageParts> make) => new(title, loader, Duration.Steps(StepsOfAStage), () =>
        {
            var number = title is "hints" or "paraphraser" or "features" ? 0 : 1;
            var parts = make();
            return parts with
            {
                Callbacks = [.. parts.Callbacks, new OnEvents
                {
                    OnBatchEnd = step =>
                    {
                        if (stopAt != (number, (int)step.Trainer.Step)) return;
                        if (kill) throw new IOException("killed");
                        cancellation.Cancel();
                    },
                }],
            };
        });

        StageParts Distilled(TransferTerm term, double mainWeight)
        {
            var distiller = new Distiller(student, new FrozenTeacher(teacher), term);
            return new(Objective.Classification(student), optim.SGD([.. student.parameters(), .. distiller.Learners.parameters()], 0.1, momentum: 0.9),
                new DistillationCallback(distiller, mainWeight), new Noise());
        }

        StageParts Paraphrase() => new(new ParaphraserObjective(paraphraser, new FrozenTeacher(teacher), "layer2"), optim.SGD(paraphraser.parameters(), 0.1, momentum: 0.9), new Noise());

        TransferTerm Hint() => TransferTerm.Of("hint", new HintLoss(), "layer2", "layer2", regressor);

        TransferTerm Factor() => TransferTerm.Of("factor", new FactorTransferLoss(), [new TapPair("layer2", "layer2") { Connector = translator, TeacherConnector = paraphraser }]);

        TransferTerm Overhaul() => TransferTerm.Of("features", new OverhaulLoss((BatchNorm2d)teacher.layer2[1], OverhaulLossOptions.OfficialCifar),
            Tap.InputOf("layer2.2"), Tap.InputOf("layer2.2"), connector);
    }

    private static TransferTerm Logits() => TransferTerm.Of("logits", new KnowledgeDistillationLoss(), weight: Schedule.Linear(1, 0));

    /// <summary>Draws from the default generator in every step, as dropout does.</summary>
    private sealed class Noise : Callback
    {
        public override void BeforeForward(StepContext step) => step.Input = step.Input + randn_like(step.Input) * 0.1;
    }
}
