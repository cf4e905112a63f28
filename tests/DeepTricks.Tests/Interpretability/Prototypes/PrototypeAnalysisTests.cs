using DeepTricks.Data;
using DeepTricks.Interpretability;
using DeepTricks.Reporting;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Interpretability;

/// <summary>Explanations add up and are drawn; networks add up. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class PrototypeAnalysisTests
{
    [Fact]
    public void LocalAnalysis_OfAnImage_AddsUpToTheLogits()
    {
        using var scope = NewDisposeScope();
        using var model = ColoredSquares.Network();
        using var data = ColoredSquares.Images(12);
        var analysis = LocalAnalysis.Of(model, data.Inputs[4]);
        model.eval();
        var logits = model.call(data.Inputs[4].unsqueeze(0))[0].data<float>().ToArray();

        Assert.Equal(logits, analysis.Logits);
        Assert.Equal(logits.Max(), logits[analysis.Predicted]);
        // Three classes, where the authors' code wants fifty.
        Assert.Equal(logits.OrderDescending(), analysis.Classes.Select(one => logits[one.Class]));
        Assert.All(analysis.Classes, one =>
        {
            Assert.Equal(one.Logit, one.Own.Sum(evidence => evidence.Contribution) + one.Others, 1e-4);
            Assert.Equal([2 * one.Class, (2 * one.Class) + 1], one.Own.Select(evidence => evidence.Prototype).Order());
            Assert.All(one.Own, evidence => Assert.Equal(1, evidence.Weight));
        });
        Assert.Equal(6, analysis.MostActive.Count);
        Assert.Equal(analysis.MostActive.OrderByDescending(one => one.Score), analysis.MostActive);
        Assert.Equal(logits[analysis.Predicted], analysis.MostActive.Sum(one => one.Contribution), 1e-4);
    }

    [Fact]
    public void LocalAnalysis_OfTheSourceOfAPrototype_ScoresItHighestAtThePatch()
    {
        using var scope = NewDisposeScope();
        using var model = ColoredSquares.Network();
        using var data = ColoredSquares.Images(12);
        var source = PrototypeProjection.Run(model, new BatchLoader(data, new() { Shuffle = false }))[3];
        var evidence = LocalAnalysis.Of(model, data.Inputs[source.Image], new() { Prototypes = 2, Classes = 1 }).Evidence(3, 1);
        var map = evidence.Activation;

        Assert.Equal(map.Values.Max(), map.Values[(source.Row * map.Columns) + source.Column]);
        Assert.True(evidence.Score > 6);
    }

    [Fact]
    public void Drawings_OfAnalyses_ShowEachPrototype()
    {
        using var scope = NewDisposeScope();
        using var model = ColoredSquares.Network();
        using var data = ColoredSquares.Images(12);
        var images = new BatchLoader(data, new() { BatchSize = 5, Shuffle = false });
        var gallery = PrototypeGallery.Collect(PrototypeProjection.Run(model, images), images);
        var analysis = LocalAnalysis.Of(model, data.Inputs[0]);

        // Five times magnified, three columns side by side, and the patch as large as the whole.
        var whole = gallery.Source(2);
        Assert.Equal((5 * ColoredSquares.Width, 5 * ColoredSquares.Height), (whole.PixelWidth, whole.PixelHeight));
        Assert.InRange(Math.Max(gallery.Patch(2).PixelWidth, gallery.Patch(2).PixelHeight), whole.PixelWidth / 2, whole.PixelWidth);
        Assert.False(gallery.Heat(2).Pixels.SequenceEqual(whole.Pixels));
        Assert.True(gallery.Draw(0, 5).PixelWidth >= 2 * whole.PixelWidth);
        Assert.True(analysis.Draw(data.Inputs[0], gallery).PixelHeight >= 6 * whole.PixelHeight);
        Assert.True(analysis.DrawClass(1, data.Inputs[0], gallery).PixelHeight >= 2 * whole.PixelHeight);

        var second = gallery.Without([0, 1, 2]);
        Assert.Equal(3, second.Sources.Count);
        Assert.True(second.Patch(0).Pixels.SequenceEqual(gallery.Patch(3).Pixels));
        Assert.Throws<ArgumentException>(() => analysis.Draw(data.Inputs[0], second));
        Assert.Throws<ArgumentException>(() => analysis.Draw(zeros(3, 5, 5), gallery));
        using var others = ColoredSquares.Images(1);
        Assert.Throws<ArgumentException>(() => PrototypeGallery.Collect(gallery.Sources, new BatchLoader(others)));
    }

    [Fact]
    public void GlobalAnalysis_OfTheImagesProjectedOnto_FindsEachPrototypeFirst()
    {
        using var scope = NewDisposeScope();
        using var model = ColoredSquares.Network();
        using var data = ColoredSquares.Images(12);
        var images = new BatchLoader(data, new() { BatchSize = 5, Shuffle = false });
        var sources = PrototypeProjection.Run(model, images);
        var gallery = PrototypeGallery.Collect(sources, images);
        var analysis = GlobalAnalysis.Of(model, images, new() { Count = 3, Prototypes = [1, 4] });

        Assert.Equal([1, 4], analysis.Nearest.Keys.Order());
        foreach (var (prototype, views) in analysis.Nearest)
        {
            Assert.Equal(3, views.Count);
            Assert.Equal(0, views[0].Patch.Distance, 1e-4);
            Assert.All(views, view => Assert.Equal(Math.Log((view.Patch.Distance + 1) / (view.Patch.Distance + 1e-4)), view.Activation.Values.Max(), view.Patch.Distance < 1e-3 ? 1 : 0.01));
        }

        var drawn = analysis.Draw([4, 1], gallery);
        Assert.True(drawn.PixelWidth >= 3 * 5 * ColoredSquares.Width && drawn.PixelHeight >= 2 * 5 * ColoredSquares.Height);
        Assert.False(analysis.Draw([4, 1], gallery, heat: true).Pixels.SequenceEqual(drawn.Pixels));
        Assert.Throws<KeyNotFoundException>(() => analysis.Draw([0]));
        Assert.Throws<ArgumentException>(() => GlobalAnalysis.Of(model, images, new() { Prototypes = [6] }));
    }

    [Fact]
    public void Analyses_LeaveNoTensorsAndPutTheModesBack()
    {
        using var model = ColoredSquares.Network();
        using var data = ColoredSquares.Images(6);
        var images = new BatchLoader(data, new() { PrefetchDepth = 0, Shuffle = false });
        using var image = data.Inputs[1];
        model.train();
        Analyse();
        var before = ProcessWide.LiveTensors();
        Analyse();

        Assert.Equal(before, ProcessWide.LiveTensors());
        Assert.True(model.training);

        void Analyse()
        {
            var gallery = PrototypeGallery.Collect(PrototypeProjection.Run(model, images), images);
            LocalAnalysis.Of(model, image).Draw(image, gallery);
            GlobalAnalysis.Of(model, images, new() { Count = 2 }).Draw([0], gallery);
        }
    }

    [Fact]
    public void Ensemble_OfNetworks_AddsTheirLogits()
    {
        using var scope = NewDisposeScope();
        using var first = ColoredSquares.Network(1);
        using var second = ColoredSquares.Network(2);
        using var both = new ProtoPNetEnsemble(first, second);
        using var other = PrototypeFixture.Network();
        var images = Golden.Tensor("images", [2, 3, 24, 24]);

        Assert.True((first.call(images) + second.call(images)).allclose(both.call(images)));
        Assert.Contains("ppnets.1.prototype_vectors", both.state_dict().Keys);
        Assert.Throws<ArgumentException>(() => new ProtoPNetEnsemble());
        Assert.Throws<ArgumentException>(() => new ProtoPNetEnsemble(first, other));
    }
}
