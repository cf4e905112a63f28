using DeepTricks.Checkpoints;
using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>The U-Net family against its authors' modules: tests/fixtures/segmentation/make_unet.py.</summary>
public sealed class UNetFixtureTests
{
    private const double Relative = 1e-5, GradientRelative = 1e-4;
    private static readonly GoldenFile Architectures = GoldenFile.Read("segmentation/unet-architectures.json");
    private static readonly GoldenFile Results = GoldenFile.Read("segmentation/unet-results.json");
    private static readonly GoldenFile Saved = GoldenFile.Read("segmentation/unet-saved.json");

    public static IEnumerable<object[]> Names => Architectures.Names;

    public static IEnumerable<object[]> Evaluated => Results.Names;

    public static IEnumerable<object[]> Trained => Results.Cases.Where(one => one.Has("trained")).Select(one => new object[] { one.Name });

    [Theory]
    [InlineData("UNet", 39_396_033)]
    [InlineData("UNet_2Plus", 47_176_132)]
    [InlineData("UNet_3Plus", 26_971_777)]
    [InlineData("UNet_3Plus_DeepSup", 26_989_637)]
    [InlineData("UNet_3Plus_DeepSup_CGM", 26_989_637 + 2_050)]
    public void Parameters_OfAnOriginal_AreAsManyAsThePaperSays(string name, long count)
    {
        using var model = UNetFixtures.Make(name, device: META);

        Assert.Equal(count, model.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal(count, Architectures[name].Integer("parameters"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StateDict_OfAnOriginal_HasItsNamesAndShapesInOrder(string name)
    {
        using var model = UNetFixtures.Make(name, device: META);
        var expected = Architectures[name]["entries"].Element.EnumerateObject().Select(entry => $"{entry.Name} {entry.Value}").ToList();

        var state = model.state_dict().Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key, entry => $"{entry.Key} {string.Join('x', entry.Value.shape)}");

        Assert.Equal(expected.Order(), state.Values.Order());
        Assert.Equal(expected.Where(entry => !entry.Contains("running", StringComparison.Ordinal)), model.named_parameters().Select(one => state[one.name]));
    }

    [Theory]
    [MemberData(nameof(Evaluated))]
    public void Maps_InEvaluation_AreTheOriginals(string name)
    {
        using var scope = NewDisposeScope();
        var expected = Results[name];
        using var model = Make(expected);
        model.eval();

        AssertPass(model, expected, "evaluated");
    }

    [Theory]
    [MemberData(nameof(Trained))]
    public void Maps_InTraining_AreTheOriginalsAndSoAreTheStatisticsAfterwards(string name)
    {
        using var scope = NewDisposeScope();
        var expected = Results[name];
        using var model = Make(expected);
        model.train();
        foreach (var dropout in model.modules().OfType<TorchSharp.Modules.Dropout>()) dropout.eval();

        AssertPass(model, expected, "trained");

        if (!expected.Has("statistics")) return;
        var state = model.state_dict();
        foreach (var entry in expected["statistics"].Element.EnumerateObject()) AssertClose(expected["statistics"].Sample(entry.Name), state[entry.Name]);
    }

    [Fact]
    public void Load_AStateDictOfTheOriginal_IsStrictAndGivesItsMaps()
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var model = new UNetThreePlus(UNetThreePlusOptions.OriginalGuided with { Filters = [2, 2, 4, 4, 8], NumClasses = 2 });

        using var file = CheckpointFile.Open(GoldenFile.PathOf("segmentation/unet-guided.pth"));
        var report = file.LoadInto(model);

        Assert.Equal(model.state_dict().Count, report.Loaded.Count);
        model.eval();
        AssertMaps(model.Maps(Golden.Tensor("images", [2, 3, 48, 32])), Saved["guided"]);
    }

    private static UNetNetwork Make(GoldenCase expected) => UNetFixtures.Fill(
        UNetFixtures.Make(expected.Name, expected.Name.EndsWith("-full", StringComparison.Ordinal) ? null : UNetFixtures.Small), expected.NumberOrNull("presence") ?? 0);

    private static void AssertPass(UNetNetwork model, GoldenCase expected, string mode)
    {
        var images = Golden.Tensor("images", expected.Integers("size")).requires_grad_();
        var maps = model.Maps(images);
        AssertMaps(maps, expected[mode]);
        if (!expected[mode].Has("gradients")) return;

        var parameters = model.named_parameters().ToDictionary(one => one.name, one => (Tensor)one.parameter);
        var wanted = expected[mode]["gradients"].Parts;
        // Those of the original's outputs: a UNet++ of UNet-Version returns the mean of its maps alone.
        var outputs = expected[mode]["maps"].Parts.Count == 1 ? [maps.Main] : maps.Sides;
        var prefix = expected[mode]["gradients"].Name.Length + 1;
        var gradients = Golden.Gradients(outputs, [.. wanted.Select(one => one.Name[prefix..] is var name && name == "images" ? images : parameters[name])]);
        for (var i = 0; i < gradients.Length; i++) AssertClose(wanted[i].AsSample(), gradients[i], GradientRelative);
    }

    private static void AssertMaps(SegmentationMaps maps, GoldenCase expected)
    {
        var wanted = expected["maps"].Parts;
        AssertClose(wanted[expected.Name.Contains("NestedUNet", StringComparison.Ordinal) ? ^1 : 0].AsSample(), maps.Main);
        if (wanted.Count == 1) return;
        Assert.Equal(wanted.Count, maps.Sides.Count);
        foreach (var (one, map) in wanted.Zip(maps.Sides)) AssertClose(one.AsSample(), map);
    }

    /// <summary>Relative to the tensor's own magnitude: its small elements are differences of larger ones.</summary>
    private static void AssertClose(GoldenSample expected, Tensor? actual, double relative = Relative) =>
        expected.AssertEqual(actual, relative, relative * expected.Values.Max(Math.Abs));
}
