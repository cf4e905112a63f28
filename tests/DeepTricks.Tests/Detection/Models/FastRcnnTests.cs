using DeepTricks.Detection;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

public sealed class FastRcnnTests
{
    [Fact]
    public void Call_OnGivenRegions_LearnsThem()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        var (images, targets) = (TorchvisionModels.Images(), TorchvisionModels.Targets());
        Tensor[] regions = [tensor(new float[,] { { 0, 10, 50, 80 }, { 60, 10, 128, 66 }, { 80, 2, 128, 40 } }), tensor(new float[,] { { 10, 10, 70, 55 } })];
        using var optimizer = optim.Adam(model.parameters(), 2e-3);

        var losses = new List<float>();
        for (var step = 0; step < 25; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            var output = model.call(images, regions, targets);
            var loss = output.TotalLoss();
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
            Assert.Equal(["loss_classifier", "loss_box_reg"], output.Losses.Select(term => term.Name));
        }

        Assert.True(losses[^1] < 0.5 * losses[0], $"The loss went from {losses[0]} to {losses[^1]}.");
        model.eval();
        using var ungraded = no_grad();
        var found = model.call(images, regions, null).Detections;
        Assert.Equal(2, found.Count);
        Assert.Contains(found, one => one.Count > 0);
    }

    [Fact]
    public void Call_NoRegionsAndNoObjects_IsFinite()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        var empty = new DetectionTarget(zeros(0, 4), zeros([0], ScalarType.Int64));

        var output = model.call([TorchvisionModels.Images()[0]], [zeros(0, 4)], [empty]);

        Assert.All(output.Losses, term => Assert.Equal(0, term.Value.item<float>()));
    }

    [Fact]
    public void Call_WrongRegions_SaysWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        model.eval();
        var images = TorchvisionModels.Images();

        Assert.Throws<ArgumentException>("proposals", () => model.call(images, [zeros(0, 4)], null));
        Assert.Throws<ArgumentException>("proposals", () => model.call(images, [zeros(0, 4), zeros(1, 5)], null));
        Assert.Contains("Regions of image 1: box 0", Assert.Throws<ArgumentException>("proposals", () => model.call(images, [zeros(0, 4), zeros(1, 4)], null)).Message);
    }

    [Fact]
    public void Vgg16_Backbone_HasAStrideOf16AndFrozenFirstStages()
    {
        using var model = FastRcnn.Vgg16(new() { NumClasses = 3, BoxWidth = 8 });

        Assert.Equal([16], model.Backbone.Strides);
        Assert.Equal(512, model.Backbone.Channels);
        Assert.Equal(2 * (2 + 2), model.Backbone.parameters().Count(parameter => !parameter.requires_grad));
    }

    private static FastRcnn Small()
    {
        var generator = new Generator(2);
        var body = nn.Sequential(nn.Conv2d(3, 12, 3, 4, 1), nn.ReLU(), nn.Conv2d(12, 16, 3, 2, 1), nn.ReLU());
        return FastRcnn.On(new SingleMapBackbone(body), new() { NumClasses = 45, BoxWidth = 64, Dropout = 0, Transform = TorchvisionModels.Small, Generator = generator });
    }
}
