using DeepTricks.Data;
using DeepTricks.Distillation;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using static DeepTricks.Tests.Distillation.SchemeNetworks;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>What the parts of the schemes do on their own.</summary>
[Collection(ProcessWide.Name)]
public sealed class SchemePartsTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void ClassPairs_PartnersOfAnEpoch_AreOfTheClassAndDoNotDependOnTheBatch()
    {
        var labels = Golden.Integers("classes", 4, 60);
        var pairs = new ClassPairs(labels, seed: 3);
        var classes = labels.data<long>().ToArray();
        long[] all = [.. Enumerable.Range(0, 60)];

        var first = pairs.Partners(all, epoch: 0);

        Assert.All(all, i => Assert.Equal(classes[i], classes[first[i]]));
        Assert.Equal(first[20..30], pairs.Partners(all.AsSpan(20, 10), 0));
        Assert.Equal(first, new ClassPairs(labels, 3).Partners(all, 0));
        Assert.NotEqual(first, pairs.Partners(all, 1));
        Assert.NotEqual(first, new ClassPairs(labels, 4).Partners(all, 0));
    }

    [Fact]
    public void ClassPairSource_FromAnyBatchOn_GivesTheSameBatches()
    {
        using var data = new InMemoryDataset(Golden.Tensor("images", [22, 1, 4, 4]), Golden.Integers("classes", 3, 22));
        var source = new ClassPairSource(data, new()
        {
            BatchSize = 5,
            Seed = 7,
            PrefetchDepth = 0,
            Transform = (input, target, random) => (input + tensor(random.Select(one => one.NextSingle()).ToArray()).reshape(-1, 1, 1, 1), target),
        });
        for (var epoch = 0; epoch < 2; epoch++)
        {
            var whole = source.Epoch(epoch).ToList();
            Assert.Equal(source.BatchesPerEpoch, whole.Count);
            foreach (var batch in whole)
            {
                var half = batch.Count / 2;
                Assert.Equal(batch.Target![..half].data<long>().ToArray(), batch.Target![half..].data<long>().ToArray());
            }
            var rest = source.Epoch(epoch, 2).ToList();
            Assert.All(rest.Zip(whole.Skip(2)), pair =>
            {
                Assert.Equal(pair.Second.Indices.ToArray(), pair.First.Indices.ToArray());
                Assert.True(pair.Second.Input.equal(pair.First.Input).all().item<bool>());
            });
            foreach (var batch in whole.Concat(rest)) batch.Dispose();
        }
    }

    [Fact]
    public void PermutedKnowledge_KeepsTheHighestAndDealsOutTheRest()
    {
        var teacher = Golden.Tensor("teacher", [40, 6], 3, dtype: ScalarType.Float64);
        var student = zeros_like(teacher);
        using var loss = new PermutedKnowledgeLoss(seed: 5);

        // To a student that finds all alike, a permutation is no different; to one that knows the teacher it is.
        Assert.Equal(KnowledgeDistillationLoss.Compute(student, teacher, new() { Temperature = 1 }).item<double>(), loss.call(student, teacher).item<double>(), 1e-10);
        var (first, second) = (loss.call(teacher, teacher).item<double>(), loss.call(teacher, teacher).item<double>());
        Assert.True(first > 0.01);
        Assert.NotEqual(first, second);

        using var again = new PermutedKnowledgeLoss(seed: 5);
        again.load_state_dict(loss.state_dict());
        Assert.Equal(loss.call(teacher, teacher).item<double>(), again.call(teacher, teacher).item<double>());
    }

    [Fact]
    public void LinearWeights_OfAPeerThatIsRightAndOneThatIsWrong_AreOneAndZero()
    {
        var labels = tensor(new long[] { 0, 1, 2, 0 });
        var right = nn.functional.one_hot(labels, 3).to(ScalarType.Float32) * 4;

        Assert.Equal([1, 0], CollaborativeLearning.LinearWeights([right, -right], labels), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(1, CollaborativeLearning.LinearWeights([right, right, right * 0.5], labels).Sum(), 1e-9);
    }

    [Fact]
    public void GeneralizationWeights_OfErrorsThatAreKnown_MakeTheirSumTheSmallest()
    {
        using var weights = new GeneralizationWeights();
        // Of two classes with p and 1 - p: errors of (-a, a) for the one and (-b, b) for the other.
        static Tensor Sure(double p) => tensor(new[] { Math.Log(p), Math.Log(1 - p) }).reshape(1, 2);
        weights.Add([Sure(0.9), Sure(0.6)], tensor(new long[] { 0 }));
        weights.Add([Sure(0.7), Sure(0.2)], tensor(new long[] { 1 }));

        // C = [[.1^2 + .7^2, .1 .4 + .7 .2], [., .4^2 + .2^2]] up to a factor: w = (0.2 - 0.18, 0.5 - 0.18) / (0.5 + 0.2 - 0.36).
        var found = weights.Compute();

        Assert.Equal(0.02 / 0.34, found[0], 1e-6);
        Assert.Throws<InvalidOperationException>(weights.Compute);
    }

    [Fact]
    public void RampUp_OverEightyEpochs_IsThatOfTheCode()
    {
        var ramp = RampUp.Of(80);
        Assert.Equal(Math.Exp(-5), ramp.At(new(0, 10, 3000)), 1e-12);
        Assert.Equal(Math.Exp(-5 * 0.25), ramp.At(new(409, 10, 3000)), 1e-12);
        Assert.Equal(1, ramp.At(new(2000, 10, 3000)));
        Assert.Equal([1, 0.5, 1], ((long[])[0, 2, 4]).Select(step => SnapshotTeacher.LearningRate("4st").At(new(step, 10, 20))), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void BranchNetwork_WithAnInputForEachBranch_IsTheMeanOfEach()
    {
        using var peers = Peers();
        var inputs = Enumerable.Range(0, 3).Select(i => Batch(i).Images).ToArray();
        peers.eval();

        var expected = inputs.Select((input, i) => peers.Branches[i].call(input)).Aggregate((a, b) => a + b) / 3;

        Assert.True(expected.allclose(peers.Forward(inputs)));
        Assert.Equal("branches.1.layer1.0.weight", peers.state_dict().Keys.First(key => key.StartsWith("branches.1", StringComparison.Ordinal)));
    }

    [Fact]
    public void BornAgain_ThreeGenerations_EachLearnsFromTheOneBefore()
    {
        var folder = Directory.CreateTempSubdirectory("born-again-").FullName;
        var (images, labels) = Batch("data", 12);
        using var data = new InMemoryDataset(images.clone(), labels.clone());
        nn.Module<Tensor, Tensor>[] generations = [Small(), Small(scale: 0.8), Small(scale: 0.6)];
        var networks = generations.Select((network, i) => ($"generation-{i}", (nn.Module)network)).ToDictionary();
        var recipe = new Recipe(folder, networks, BornAgain.Stages(generations, new BatchLoader(data, new() { BatchSize = 6, PrefetchDepth = 0 }), "2ep", network => Sgd(network)));

        Assert.True(recipe.Run());

        Assert.DoesNotContain("loss/previous", recipe.Histories["generation-0"][^1].Metrics.Keys);
        Assert.True(recipe.Histories["generation-2"][^1].Metrics["loss/previous"] < recipe.Histories["generation-2"][0].Metrics["loss/previous"]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Schemes_WhatDoesNotFit_IsRefusedByName()
    {
        using var network = Small();
        using var data = new InMemoryDataset(Golden.Tensor("images", [4, 1, 8, 8]));
        Refused("at least two branches; 1 came", () => new BranchNetwork(network));
        Refused("at least two networks; 1 came", () => MutualLearning.Terms(["branches.0"]));
        Refused("at least two networks; 0 came", () => CollaborativeLearning.Terms([]));
        Refused("at least two networks; 1 came", () => NativeEnsemble.Terms([Tap.Output]));
        Refused("two networks and two classifiers; 1 and 0 came", () => new FeatureFusionNetwork([network], [], new FeatureFusion(8, 5)));
        Refused("at least two peers and an optimiser for each; 2 and 0 came", () => MutualLearning.Step([network, network], [], zeros(1), zeros(1)));
        Refused("at least one exit", () => BeYourOwnTeacher.Terms([], "layer2"));
        Refused("at least two layers; 1 came", () => SpatialAttentionLoss.Successive("layer1"));
        Refused("[N, C, H, W]; the shape is [2, 3]", () => new SpatialAttentionLoss().call(zeros(2, 3), zeros(2, 3, 4, 4)));
        Refused("at least one anchor", () => new AnchorTeacher(network));
        Refused("at least one generation", () => BornAgain.Stages([], new BatchLoader(data), "1ep", _ => null!));
        Refused("The data has no labels", () => new ClassPairTeacher(network, data, 1));
        Refused("The data has no labels", () => new ClassPairSource(data));
        Refused("labels [N] of int64; [2, 2] of Float32 came", () => new ClassPairs(zeros(2, 2), 1));
        Refused("cannot be the name of a file", () => new CodistillationTeacher(network, Path.GetTempPath(), "a/b", () => network));
        Refused("There is no output of 'layer1' before the first snapshot", () =>
        {
            new SnapshotTeacher(network, Small(), "1ep").Prepare(["layer1"]);
            return new();
        });

        static void Refused(string message, Func<object> make) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _scope.Dispose();
}
