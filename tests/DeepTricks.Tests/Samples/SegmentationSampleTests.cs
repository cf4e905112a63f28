using SegmentationSample;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Samples;

// The experiment sets the number of threads of the process.
[Collection(ProcessWide.Name)]
public sealed class SegmentationSampleTests
{
    private const int Pixels = CtSlices.Size * CtSlices.Size;

    [Fact]
    public void Draw_SameSeed_GivesTheSameSlicesHoweverMany()
    {
        using var few = CtSlices.Draw(3, seed: 5);
        using var many = CtSlices.Draw(6, seed: 5);
        using var others = CtSlices.Draw(3, seed: 6);

        Assert.Equal(few.Inputs.data<float>().ToArray(), many.Inputs.data<float>().ToArray()[..(3 * Pixels)]);
        Assert.Equal(few.Targets!.data<float>().ToArray(), many.Targets!.data<float>().ToArray()[..(3 * Pixels)]);
        Assert.NotEqual(few.Inputs.data<float>().ToArray(), others.Inputs.data<float>().ToArray());
    }

    [Fact]
    public void Draw_ManySlices_HoldsSmallOrgansAndEmptySlices()
    {
        const int count = 300;
        using var data = CtSlices.Draw(count, seed: 1);

        var brightness = data.Inputs.data<float>().ToArray();
        var areas = data.Targets!.data<float>().ToArray().Chunk(Pixels).Select(mask => mask.Sum()).ToList();
        Assert.InRange(brightness.Min(), 0, 1);
        Assert.InRange(brightness.Max(), 0, 1);
        Assert.InRange(areas.Count(area => area == 0) / (double)count, CtSlices.EmptyShare - 0.1, CtSlices.EmptyShare + 0.1);
        Assert.All(areas.Where(area => area > 0), area => Assert.InRange(area, 15, 0.05 * Pixels));
    }

    [Fact]
    public void Draw_Brightness_DoesNotTellTheOrganFromTheRest()
    {
        using var data = CtSlices.Draw(100, seed: 2);
        var (brightness, truth) = (data.Inputs.data<float>().ToArray(), data.Targets!.data<float>().ToArray());
        const int levels = 50;
        var (all, organ) = (new double[levels + 1], new double[levels + 1]);
        for (var i = 0; i < truth.Length; i++)
        {
            all[(int)(brightness[i] * levels)]++;
            organ[(int)(brightness[i] * levels)] += truth[i];
        }

        // The best of all bands of brightness finds the organ badly.
        var best = 0.0;
        for (var low = 0; low <= levels; low++)
            for (var high = low + 1; high <= levels; high++)
                best = Math.Max(best, 2 * organ[low..high].Sum() / (all[low..high].Sum() + organ.Sum()));
        Assert.InRange(best, 0.01, 0.25);
    }

    [Theory]
    [InlineData("cross-entropy")]
    [InlineData("both, guided")]
    public void Run_ATinyArm_GivesFiguresAndAReport(string name)
    {
        var options = new SampleOptions { Seeds = 2, Epochs = 1, Train = 8, Test = 8 };
        using var experiment = new Experiment(options);

        var result = Assert.Single(experiment.Run([Arm.All.Single(arm => arm.Name == name)]));

        Assert.Equal(2, result.Runs.Count);
        Assert.All(result.Runs, run =>
        {
            Assert.Equal(options.Test * Pixels, run.Masks.Length);
            Assert.All([run.GlobalDice, run.SliceDice, run.Iou, run.Missed, run.FalseAlarms], share => Assert.InRange(share, 0, 100));
            Assert.Single(run.Curve);
        });
        var html = SampleReport.Of([result], experiment.Test, options).ToHtml();
        Assert.Contains(name, html);
        Assert.Contains("truth", html);
    }

    [Fact]
    public void Parse_Arguments_ReadsThemOrSaysWhatIsWrong()
    {
        using var errors = new StringWriter();

        Assert.Equal(new SampleOptions { Seeds = 1, Epochs = 5, Output = "r.html" }, SampleOptions.Parse(["--seeds", "1", "--epochs", "5", "--output", "r.html"], errors));
        Assert.Equal("", errors.ToString());
        Assert.Null(SampleOptions.Parse(["--seeds", "none"], errors));
        Assert.Contains("--seeds none", errors.ToString());
    }
}
