using DeepTricks.Interpretability;
using DeepTricks.Reporting;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability.Dimension;

public sealed class DimensionProfileTests
{
    [Fact]
    public void Of_LayersOfANetwork_AreThoseOfTheirFeatures()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        model.train();
        var inputs = Golden.Tensor("inputs", [300, 6]);
        var options = new DimensionProfileOptions { Resampling = new() { Count = 4 }, PrincipalComponents = new(), BatchSize = 77 };

        var profile = DimensionProfile.Of("net", model, ["first", "relu", "dropout", "last"], inputs, options);

        Assert.Equal(["input", "first", "relu", "dropout", "last"], profile.Layers.Select(layer => layer.Layer));
        Assert.Equal([0, 0.5, 0.5, 0.5, 1], profile.Layers.Select(layer => layer.RelativeDepth));
        Assert.Equal([6, 20, 20, 20, 3], profile.Layers.Select(layer => layer.Features));
        Assert.True(model.training);
        model.eval();
        var first = ((nn.Module<Tensor, Tensor>)model.named_children().First().module).call(inputs);
        Assert.Equal(TwoNN.Resample(first, options.Resampling).Mean, profile.Layers[1].Dimension, 1e-4);
        Assert.Equal(profile.Layers[2].Dimension, profile.Layers[3].Dimension, 1e-9);
        Assert.Equal(PrincipalSpectrum.Of(first).Dimension(), profile.Layers[1].PrincipalComponents);
    }

    [Fact]
    public void Of_LayerThatGivesTheSameForAll_HasNone()
    {
        using var scope = NewDisposeScope();
        using var model = nn.Sequential(("dead", nn.Threshold(100, 0)), ("last", nn.Linear(6, 3)));
        var profile = DimensionProfile.Of("dead", model, ["dead"], Golden.Tensor("inputs", [60, 6]));
        Assert.Equal(double.NaN, profile.Layers[1].Dimension);
        new Report("r").Chart(DimensionProfile.Chart("Dimension", byWeights: true, profile)).Save(Path.GetTempFileName());
    }

    [Fact]
    public void Of_UnknownLayer_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var model = Network();
        Assert.Throws<ArgumentException>(() => DimensionProfile.Of("net", model, ["middle"], zeros(5, 6)));
    }

    [Fact]
    public void Correlation_OfModels_IsPearsons()
    {
        ModelDimension[] models = [new("a", 1, 2), new("b", 2, 4), new("c", 3, 6)];
        Assert.Equal(1, ModelDimension.Correlation(models), 1e-12);
        Assert.Contains("correlation 1.00", ModelDimension.Chart("Error", new("Test error", "%"), models).Description);
        Assert.Throws<ArgumentException>(() => ModelDimension.Correlation(models[..1]));
    }

    private static nn.Module<Tensor, Tensor> Network() =>
        Golden.Fill(nn.Sequential(("first", nn.Linear(6, 20)), ("relu", nn.ReLU()), ("dropout", nn.Dropout(0.5)), ("last", nn.Linear(20, 3))));
}
