using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>Losses with parameters of their own: that these learn, where they begin, and what does not fit.</summary>
public sealed class LearnedLossTests
{
    [Fact]
    public void VariationalInformation_InADistiller_LearnsItsVariances()
    {
        using var scope = NewDisposeScope();
        using var student = nn.Sequential(("body", nn.Conv2d(1, 3, 3)), ("flat", nn.Flatten()), ("fc", nn.Linear(3 * 36, 2)));
        using var teacher = nn.Sequential(("body", nn.Conv2d(1, 5, 3)), ("flat", nn.Flatten()), ("fc", nn.Linear(5 * 36, 2)));
        using var loss = new VariationalInformationLoss(3, 5);
        using var distiller = new Distiller(student, new FrozenTeacher(teacher), TransferTerm.Of("information", loss, "body", "body"));
        using var optimizer = optim.SGD([.. student.parameters(), .. distiller.Learners.parameters()], 0.5);
        var images = Golden.Tensor("images", [4, 1, 8, 8]);
        var (first, before) = (loss.Variance, distiller.Run(images).Total().item<float>());

        for (var step = 0; step < 20; step++)
        {
            optimizer.zero_grad();
            distiller.Run(images).Total().backward();
            optimizer.step();
        }

        Assert.True(first.allclose(full(5, 5f)));
        Assert.All(loss.Variance.data<float>().ToArray(), variance => Assert.InRange(variance, 0, 4.9f));
        Assert.True(distiller.Run(images).Total().item<float>() < before);
        Assert.Contains("log_scale", loss.state_dict().Keys);
    }

    [Fact]
    public void Module_FromTheSameSeed_BeginsWithTheSameWeights()
    {
        Func<Generator, nn.Module>[] made =
        [
            g => new VariationalInformationLoss(3, 5, generator: g),
            g => new VariationalInformationLoss(3, 5, VariationalInformationLossOptions.KdZoo, g),
            g => new AttentiveFeatureLoss(4, generator: g),
            g => new KnowledgeReviewLoss([[1, 2, 4, 4], [1, 3, 2, 2]], [[1, 4, 4, 4], [1, 5, 2, 2]], generator: g),
            g => new ReusedClassifierLoss([1, 2, 4, 4], [1, 6, 4, 4], generator: g),
            g => new MaskedGenerationLoss(2, 3, g),
            g => new Paraphraser(4, generator: g),
            g => new Translator(2, 4, generator: g),
            g => Connector.Between([1, 2, 4, 4], [1, 3, 4, 4], generator: g),
            g => Connector.Between([1, 2], [1, 3], ConnectorOptions.Linear, g),
            g => Connector.Between([1, 2, 4, 4], [1, 3, 8, 8], ConnectorOptions.FitNets, g),
        ];
        foreach (var make in made)
        {
            using Generator one = new(5), two = new(5), other = new(6);
            using nn.Module first = make(one), second = make(two), third = make(other);
            Assert.All(first.parameters().Zip(second.parameters()), pair => Assert.True(pair.First.allclose(pair.Second, 0, 0)));
            Assert.Contains(first.parameters().Zip(third.parameters()), pair => !pair.First.allclose(pair.Second));
        }
    }

    [Fact]
    public void MaskedGeneration_OfASeed_HidesTheSamePlacesAndOthersNext()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Golden.Tensor("student", [2, 3, 8, 8]), Golden.Tensor("teacher", [2, 4, 8, 8]));
        using Generator one = new(5), two = new(5);
        using MaskedGenerationLoss first = new(3, 4, one), second = new(3, 4, two);

        var losses = new[] { first.call(student, teacher), second.call(student, teacher), first.call(student, teacher) }.Select(loss => loss.item<float>()).ToArray();

        Assert.Equal(losses[0], losses[1]);
        Assert.NotEqual(losses[0], losses[2]);
        // About 35 of 100 places stay visible.
        var visible = Enumerable.Range(0, 50).Average(_ => rand(100, generator: one).le(0.35).to(ScalarType.Float32).mean().item<float>());
        Assert.InRange(visible, 0.3, 0.4);
    }

    [Fact]
    public void ReusedClassifier_TrainedOnATeachersMaps_AnswersAsTheTeacher()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var maps = Golden.Tensor("maps", [16, 4, 4, 4]).relu();
        using var classifier = nn.Linear(4, 3);
        using var loss = new ReusedClassifierLoss([16, 4, 4, 4], [16, 4, 4, 4], factor: 1);
        using var optimizer = optim.Adam(loss.parameters(), 0.02);
        for (var step = 0; step < 150; step++)
        {
            optimizer.zero_grad();
            loss.call(maps, maps).backward();
            optimizer.step();
        }

        var (answers, teachers) = (loss.Predict(maps, classifier), classifier.call(maps.mean([2, 3])));

        Assert.True((answers - teachers).abs().mean().item<float>() < 0.1f * teachers.std().item<float>() + 0.02f);
    }

    [Fact]
    public void RocketNetwork_TheHint_ReachesTheSharedLayersAndNotTheBooster()
    {
        using var scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> shared = nn.Linear(3, 4), light = nn.Linear(4, 2), booster = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2));
        using var rocket = new RocketNetwork(shared, light, booster);
        var input = Golden.Tensor("input", [5, 3]);

        var (logits, boosted) = rocket.call(input);
        var hint = HintLoss.Compute(logits, boosted, RocketNetwork.Hint);
        hint.backward();

        Assert.Equal((logits - boosted).square().sum().item<float>() / 5, hint.item<float>(), 1e-5);
        Assert.All(shared.parameters().Concat(light.parameters()), parameter => Assert.NotNull(parameter.grad));
        Assert.All(booster.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.True(logits.allclose(rocket.Light(input)));
        Assert.Equal(["shared", "light", "booster"], rocket.named_children().Select(child => child.name));
    }

    [Fact]
    public void Module_OfWhatDoesNotFit_SaysSo()
    {
        using var scope = NewDisposeScope();
        var maps = Golden.Tensor("maps", [2, 3, 4, 4]);
        using var variational = new VariationalInformationLoss(4, 3);
        using var attentive = new AttentiveFeatureLoss(4);
        using var review = new KnowledgeReviewLoss([[1, 3, 4, 4]], [[1, 3, 4, 4]]);
        using var reused = new ReusedClassifierLoss([1, 3, 8, 8], [1, 3, 4, 4]);
        using var overhaul = new OverhaulLoss(zeros(4));

        Assert.Throws<ArgumentException>(() => variational.call(maps, maps));
        Assert.Throws<ArgumentException>(() => attentive.call(maps, maps));
        Assert.Throws<ArgumentException>(() => review.call([maps, maps], [maps, maps]));
        Assert.Throws<ArgumentException>(() => reused.call(maps, maps));
        Assert.Throws<ArgumentException>(() => overhaul.call(maps, maps));
        Assert.Throws<ArgumentException>(() => new OverhaulLoss(zeros(2, 2)));
        Assert.Throws<ArgumentException>(() => new OverhaulLoss(nn.BatchNorm2d(3, affine: false)));
        Assert.Throws<ArgumentException>(() => new KnowledgeReviewLoss([], []));
        Assert.Throws<ArgumentException>(() => new KnowledgeReviewLoss([[1, 2, 3]], [[1, 2, 3, 3]]));
        Assert.Throws<ArgumentException>(() => new ReusedClassifierLoss([1, 3], [1, 3, 4, 4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Translator(0, 4));
    }

    [Fact]
    public void OverhaulLoss_InAStateDict_KeepsItsMargin()
    {
        using var scope = NewDisposeScope();
        using OverhaulLoss made = new(tensor(new[] { -1f, -2 })), loaded = new(zeros(2));

        loaded.load_state_dict(made.state_dict());
        var (student, teacher) = (full([1, 2, 1, 1], 5f), full([1, 2, 1, 1], -9f));

        // The teacher is raised to its margins, −1 and −2.
        Assert.Equal((36 + 49) / 1000f, loaded.call(student, teacher).item<float>(), 1e-6);
        Assert.Empty(loaded.parameters());
    }
}
