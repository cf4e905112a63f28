using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Testing;
using DeepTricks.Tests.Training;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>The methods of several stages, put together from their parts: each lowers its own loss, and goes on exactly where it was stopped. Alone, as all recipes.</summary>
[Collection(ProcessWide.Name)]
public sealed class FeatureRecipeTests : IDisposable
{
    private const int StepsOfAStage = 12;
    private readonly string _folder = Directory.CreateTempSubdirectory("feature-recipe-").FullName;

    public static TheoryData<string> Recipes => ["fitnets", "factor transfer", "overhaul", "activation boundaries"];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Run_StoppedInEitherStage_GoesOnExactlyAndLearns(string kind)
    {
        var straight = Run(kind, "straight", seed: 1, stopAt: null);
        foreach (var stopAt in ((int, int)[])[(0, 5), (1, 2)])
        {
            var name = $"{kind}-{stopAt}";
            Run(kind, name, seed: 1, stopAt);
            Assert.Equal(straight.Bits, Run(kind, name, seed: 99, stopAt: null).Bits);
        }

        Assert.All(straight.Losses, stage => Assert.True(stage.Last < stage.First, $"{kind}: a stage went from {stage.First} to {stage.Last}."));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (byte[] Bits, List<(double First, double Last)> Losses) Run(string kind, string name, long seed, (int Stage, int Step)? stopAt)
    {
        manual_seed(seed);
        using var generator = new Generator((ulong)seed);
        using var teacher = new SmallNetwork(width: 6);
        using var student = new SmallNetwork(fill: seed == 1);
        using var data = new InMemoryDataset(Golden.Tensor("images", [20, 1, 8, 8]), Golden.Integers("labels", 5, 20));
        var loader = new BatchLoader(data, new() { BatchSize = 5, Seed = 2, PrefetchDepth = 0 });
        using var cancellation = new CancellationTokenSource();
        var before = SmallNetwork.Bits(teacher);
        var networks = new Dictionary<string, nn.Module> { ["student"] = student };
        var recipe = new Recipe(Path.Combine(_folder, name), networks, kind switch
        {
            "fitnets" => FitNets(),
            "factor transfer" => FactorTransfer(),
            "overhaul" => Overhaul(),
            _ => ActivationBoundaries(),
        });

        Assert.Equal(stopAt is null, recipe.Run(cancellation.Token));

        Assert.Equal(before, SmallNetwork.Bits(teacher));
        var losses = recipe.Histories.Values.Where(history => history.Count > 0).Select(history => (history[0].Metrics["loss"], history[^1].Metrics["loss"])).ToList();
        return ([.. networks.Values.SelectMany(SmallNetwork.Bits)], losses);

        // Romero et al.: the student up to the guided layer learns the hint through a regressor, and then all of it from labels and logits.
        Stage[] FitNets()
        {
            var regressor = Keep("regressor", Connector.Between(student, "layer1", teacher, "layer1", zeros(1, 1, 8, 8), ConnectorOptions.FitNets, generator));
            return
            [
                Stage(0, "hints", () => Distilled(0, TransferTerm.Of("hint", new HintLoss(), "layer1", "layer1", regressor))),
                Stage(1, "logits", () => Distilled(1, TransferTerm.Of("logits", new HintLoss()))),
            ];
        }

        // Kim et al.: a paraphraser learns to say the teacher's layer in fewer channels, and then the student to say the same.
        Stage[] FactorTransfer()
        {
            var paraphraser = Keep("paraphraser", new Paraphraser(12, generator: generator));
            var translator = Keep("translator", new Translator(8, 12, generator: generator));
            return
            [
                Stage(0, "paraphraser", () => new(new ParaphraserObjective(paraphraser, new FrozenTeacher(teacher), "layer2"), optim.SGD(paraphraser.parameters(), 0.1, momentum: 0.9))),
                Stage(1, "student", () => Distilled(1, TransferTerm.Of("factor", new FactorTransferLoss(FactorTransferLossOptions.WholeFactor),
                    [new TapPair("layer2", "layer2") { Connector = translator, TeacherConnector = paraphraser }], weight: 20))),
            ];
        }

        // Heo et al. 2019 (ICCV): one stage of all terms; here first without the labels.
        Stage[] Overhaul()
        {
            var connectors = Keep("connectors", nn.ModuleList(Projections()));
            return [Stage(0, "features", () => Distilled(0, Terms())), Stage(1, "together", () => Distilled(1, Terms()))];

            TransferTerm[] Terms() => [.. Layers().Select((layer, i) => TransferTerm.Of($"overhaul-{i}",
                new OverhaulLoss((TorchSharp.Modules.BatchNorm2d)Norm(i)), Before(layer), Before(layer), connectors[i], weight: 10 * LayerWeights.HalvedTowardsInput(2)[i]))];

            nn.Module Norm(int i) => teacher.named_modules().Single(one => one.name == $"layer{i + 1}.1").module;
        }

        // Heo et al. 2019 (AAAI): boundaries alone, and then labels alone.
        Stage[] ActivationBoundaries()
        {
            var connectors = Keep("connectors", nn.ModuleList(Projections()));
            return
            [
                Stage(0, "boundaries", () => Distilled(0, TransferTerm.Of("boundary", new ActivationBoundaryLoss(),
                    [.. Layers().Select((layer, i) => new TapPair(Before(layer), Before(layer)) { Connector = connectors[i], Weight = LayerWeights.HalvedTowardsInput(2)[i] })]))),
                Stage(1, "labels", () => new(Objective.Classification(student), optim.SGD(student.parameters(), 0.1, momentum: 0.9))),
            ];
        }

        nn.Module<Tensor, Tensor>[] Projections() =>
            [Connector.Between([1, 4, 4, 4], [1, 6, 4, 4], generator: generator), Connector.Between([1, 8, 2, 2], [1, 12, 2, 2], generator: generator)];

        T Keep<T>(string key, T module)
            where T : nn.Module
        {
            networks.Add(key, module);
            return module;
        }

        StageParts Distilled(double mainWeight, params TransferTerm[] terms)
        {
            var distiller = new Distiller(student, new FrozenTeacher(teacher), terms);
            return new(Objective.Classification(student), optim.SGD([.. student.parameters(), .. distiller.Learners.parameters()], 0.05, momentum: 0.9),
                new DistillationCallback(distiller, mainWeight));
        }

        Stage Stage(int number, string title, Func<StageParts> make) => new(title, loader, Duration.Steps(StepsOfAStage), () =>
        {
            var parts = make();
            return parts with
            {
                Callbacks = [.. parts.Callbacks, new OnEvents
                {
                    OnBatchEnd = step =>
                    {
                        if (stopAt == (number, (int)step.Trainer.Step)) cancellation.Cancel();
                    },
                }],
            };
        });
    }

    private static string[] Layers() => ["layer1.2", "layer2.2"];

    /// <summary>What goes into an activation.</summary>
    private static Tap Before(string relu) => Tap.InputOf(relu);
}
