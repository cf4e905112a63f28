using DeepTricks.Backbones;
using DeepTricks.Detection;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Detection;

/// <summary>Training, targets without objects, exchanged parts, memory and bad input. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class GeneralizedRcnnTests
{
    [Fact]
    public void Call_StepAfterStep_LearnsThePicturesByHeart()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Make(TinyModel.Options with { Generator = new(3) });
        var (images, targets) = (TorchvisionModels.Images(), Targets());
        using var optimizer = optim.Adam(model.parameters(), 3e-3);

        var losses = new List<float>();
        for (var step = 0; step < 30; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            var loss = model.call(images, targets).TotalLoss();
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        Assert.True(losses[^1] < 0.6 * losses[0], $"The loss went from {losses[0]} to {losses[^1]}.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Call_TrainingAndInference_KeepsLiveTensorsFlatAndInputsAsTheyWere(bool training)
    {
        using var model = TinyModel.Make();
        model.train(training);
        var (images, targets) = (TorchvisionModels.Images(), Targets());
        var copies = images.Select(image => image.clone()).ToArray();
        void Step()
        {
            using var output = model.call(images, targets);
            using var loss = output.TotalLoss();
            loss.backward();
        }

        Step();
        var before = ProcessWide.LiveTensors();
        Step();
        Step();

        Assert.Equal(before, ProcessWide.LiveTensors());
        for (var i = 0; i < images.Length; i++) Assert.True(images[i].allclose(copies[i], 0, 0));
        foreach (var one in images.Concat(copies)) one.Dispose();
        foreach (var target in targets) target.Dispose();
    }

    [Fact]
    public void Call_WithoutObjects_TrainsTowardsTheBackground()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Make();
        var image = TorchvisionModels.Images()[0];
        var empty = new DetectionTarget(zeros(0, 4), zeros([0], ScalarType.Int64), zeros([0, image.size(1), image.size(2)], ScalarType.Byte));

        var output = model.call([image], [empty]);
        output.TotalLoss().backward();

        Assert.Equal(0, output["loss_box_reg"].item<float>());
        Assert.Equal(0, output["loss_rpn_box_reg"].item<float>());
        Assert.Equal(0, output["loss_mask"].item<float>());
        Assert.True(output["loss_classifier"].item<float>() > 0 && output["loss_objectness"].item<float>() > 0);
        Assert.All(model.parameters().Where(parameter => parameter.grad is not null), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Call_WithAndWithoutObjectsInOneBatch_IsFinite()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Make();
        var (images, targets) = (TorchvisionModels.Images(), Targets());
        var empty = new DetectionTarget(zeros(0, 4), zeros([0], ScalarType.Int64), zeros([0, images[0].size(1), images[0].size(2)], ScalarType.Byte));

        var output = model.call(images, [empty, targets[1]]);

        Assert.All(output.Losses, term => Assert.True(term.Value.isfinite().item<bool>(), term.Name));
        Assert.True(output["loss_mask"].item<float>() > 0);
    }

    [Theory]
    [InlineData(new float[] { 10, 20, 10, 90 })]
    [InlineData(new float[] { 10, 90, 60, 20 })]
    [InlineData(new float[] { float.NaN, 20, 60, 90 })]
    [InlineData(new float[] { 10, 20, float.PositiveInfinity, 90 })]
    public void Call_BoxWithoutArea_NamesIt(float[] box)
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Make();
        var (images, targets) = (TorchvisionModels.Images(), Targets());
        targets[0].Boxes[1] = tensor(box);

        var error = Assert.Throws<ArgumentException>(() => model.call(images, targets));

        Assert.Contains("Target 0: box 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_WrongTargetsOrImages_SaysWhatWasExpected()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Make();
        var (images, targets) = (TorchvisionModels.Images(), Targets());
        void Throws(string part, IReadOnlyList<Tensor> pictures, IReadOnlyList<DetectionTarget>? given) =>
            Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(() => model.call(pictures, given)).Message, StringComparison.Ordinal);

        Throws("expected targets", images, null);
        Throws("1 targets", images, [targets[0]]);
        Throws("labels from 1 to 4", images, [targets[0] with { Labels = tensor(new long[] { 3, 5, 3 }) }, targets[1]]);
        Throws("labels from 1 to 4", images, [targets[0] with { Labels = tensor(new long[] { 0, 1, 3 }) }, targets[1]]);
        Throws("int64", images, [targets[0] with { Labels = targets[0].Labels.to(ScalarType.Int32) }, targets[1]]);
        Throws("floating", images, [targets[0] with { Boxes = targets[0].Boxes.to(ScalarType.Int64) }, targets[1]]);
        Throws("boxes [N, 4]", images, [targets[0] with { Boxes = targets[0].Boxes.view(-1) }, targets[1]]);
        Throws("masks", images, [targets[0] with { Masks = null }, targets[1]]);
        Throws("expected masks [3, 100, 130]", images, [targets[0] with { Masks = zeros([3, 50, 50], ScalarType.Byte) }, targets[1]]);
        Throws("uint8", images, [targets[0] with { Masks = zeros(3, 100, 130) }, targets[1]]);
        Throws("[3, H, W]", [images[0][0], images[1]], targets);
        Throws("floating", [images[0].to(ScalarType.Byte), images[1]], targets);
        Throws("at least one image", [], []);
        Assert.Throws<InvalidOperationException>(() => model.Detect(images));
    }

    [Fact]
    public void Detect_NothingProbable_GivesEmptyTensorsOfTheRightShapes()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Make(TinyModel.Options with { Regions = new() { ScoreThreshold = 1 } });
        model.eval();

        var found = model.Detect(TorchvisionModels.Images());

        Assert.Equal(2, found.Count);
        Assert.Equal([0, 4], found[0].Boxes.shape);
        Assert.Equal([0, 1, 100, 130], found[0].Masks!.shape);
        Assert.Equal([0, 1, 72, 96], found[1].Masks!.shape);
    }

    [Fact]
    public void Predictors_Exchanged_GiveOtherClassesUnderTheSameNames()
    {
        using var scope = NewDisposeScope();
        using var model = TinyModel.Make();
        var names = model.state_dict().Keys.ToList();

        model.Heads.BoxPredictor = new BoxPredictor(32, 3);
        model.Heads.MaskPredictor = new MaskPredictor(16, 8, 3);

        Assert.Equal(names.Order(), model.state_dict().Keys.Order());
        Assert.Equal([3, 32], model.state_dict()["roi_heads.box_predictor.cls_score.weight"].shape);
        Assert.Equal([3, 8, 1, 1], model.state_dict()["roi_heads.mask_predictor.mask_fcn_logits.weight"].shape);
        model.eval();
        Assert.All(model.Detect(TorchvisionModels.Images()), found => Assert.True(found.Count == 0 || found.Labels.max().item<long>() <= 2));
    }

    [Fact]
    public void On_AnyNetwork_LearnsWithAnchorsThatFitItsStride()
    {
        using var scope = NewDisposeScope();
        var body = nn.Sequential(nn.Conv2d(3, 8, 3, 4, 1), nn.ReLU(), nn.Conv2d(8, 8, 3, 2, 1), nn.ReLU());
        using var backbone = new SingleMapBackbone(body);
        using var model = FasterRcnn.On(backbone, new() { NumClasses = 5, BoxWidth = 16, Transform = TorchvisionModels.Small });

        var output = model.call(TorchvisionModels.Images(), Targets());
        output.TotalLoss().backward();

        Assert.Equal([8], backbone.Strides);
        Assert.Equal([16, 32, 64, 128, 256], AnchorGenerator.For(backbone.Strides).Sizes[0]);
        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void Pyramid_OnLayersOfABackbone_SeesChannelsAndStrides()
    {
        using var network = new ResNet(ResNetOptions.ResNet18 with { NumClasses = 0 });
        using var backbone = new PyramidBackbone(network, ["layer1", "layer2", "layer3", "layer4"], new() { Channels = 32 });

        Assert.Equal([4, 8, 16, 32, 64], backbone.Strides);
        Assert.Equal(4, backbone.PooledMaps);
        Assert.Throws<ArgumentException>(() => new PyramidBackbone(network, ["layer3", "layer1"]));
    }

    /// <summary>Those of the fixtures, with labels of the tiny model.</summary>
    private static DetectionTarget[] Targets() => [.. TorchvisionModels.Targets().Select(target =>
    {
        using (target.Labels)
            return target with { Labels = target.Labels.remainder(4) + 1 };
    })];
}
