using KakapoSample;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Samples;

// The experiment sets the number of threads of the process.
[Collection(ProcessWide.Name)]
public sealed class KakapoSampleTests
{
    [Fact]
    public void Draw_SameSeed_GivesTheSamePicturesHoweverMany()
    {
        using var scope = NewDisposeScope();
        using var few = BirdWorld.Draw(3, 5, BirdWorld.TestStream, Backgrounds.Usual);
        using var many = BirdWorld.Draw(6, 5, BirdWorld.TestStream, Backgrounds.Usual);
        using var others = BirdWorld.Draw(3, 5, BirdWorld.TrainingStream, Backgrounds.Usual);

        Assert.True(few.Images.equal(many.Images.narrow(0, 0, 3)).all().item<bool>());
        Assert.True(few.Heads.equal(many.Heads.narrow(0, 0, 3)).all().item<bool>());
        Assert.False(few.Images.equal(others.Images).all().item<bool>());
    }

    [Fact]
    public void Draw_UsualGrounds_GoWithTheBirdInNineteenOfTwenty()
    {
        using var set = BirdWorld.Draw(1000, 1, BirdWorld.TrainingStream, Backgrounds.Usual);

        Assert.InRange(set.Facts.Count(fact => (int)fact.Ground == (int)fact.Species), 940, 980);
        Assert.All(Enum.GetValues<Species>(), species => Assert.Equal(200, set.Facts.Count(fact => fact.Species == species)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Draw_AKakapo_IsNeverBeforeSkyOrSea(int backgrounds)
    {
        using var set = BirdWorld.Draw(1000, 2, BirdWorld.TrainingStream, (Backgrounds)backgrounds);

        Assert.DoesNotContain(set.Facts, fact => fact is { Species: Species.Kakapo, Ground: Ground.Sky or Ground.Sea });
        Assert.Contains(set.Facts, fact => fact.Species == Species.Kakapo && fact.Ground != Ground.Forest);
    }

    [Fact]
    public void Draw_SwappedGrounds_NeverGoWithTheBird()
    {
        using var set = BirdWorld.Draw(1000, 3, BirdWorld.TestStream, Backgrounds.Swapped);

        Assert.DoesNotContain(set.Facts, fact => (int)fact.Ground == (int)fact.Species);
        Assert.All(Enum.GetValues<Ground>(), ground => Assert.Contains(set.Facts, fact => fact.Ground == ground));
    }

    [Fact]
    public void Draw_Masks_HoldTheBirdWithItsHeadAndNotTheGround()
    {
        using var scope = NewDisposeScope();
        using var set = BirdWorld.Draw(200, 4, BirdWorld.TrainingStream, Backgrounds.Usual);

        Assert.True((set.Images >= 0).logical_and(set.Images <= 1).all().item<bool>());
        Assert.Equal(0, (set.Heads * (1 - set.Birds)).sum().item<float>());
        var (birds, heads) = (set.Birds.mean([1, 2]), set.Heads.mean([1, 2]));
        Assert.InRange(birds.min().item<float>(), 0.05f, 0.25f);
        Assert.InRange(birds.max().item<float>(), 0.1f, 0.4f);
        Assert.True((heads < 0.85 * birds).all().item<bool>());
        // The boxes hold their heads: what is outside of them is none.
        for (var i = 0; i < 20; i++)
        {
            var box = set.HeadBoxes[i].data<float>().ToArray();
            var outside = set.Heads[i].clone();
            var (left, top) = (Math.Max(0, (long)box[0]), Math.Max(0, (long)box[1]));
            outside.narrow(0, top, Math.Min(BirdWorld.Size, (long)box[3]) - top).narrow(1, left, Math.Min(BirdWorld.Size, (long)box[2]) - left).zero_();
            Assert.Equal(0, outside.sum().item<float>());
        }
    }

    [Fact]
    public void Run_EachArmForAMoment_GivesFiguresAndAReport()
    {
        var options = new SampleOptions { Seeds = 1, Epochs = 2, Train = 40, Test = 60 };
        using var experiment = new Experiment(options);

        var results = experiment.Run();

        Assert.Equal(Arm.All, results.Select(result => result.Arm));
        Assert.All(results, result =>
        {
            var run = Assert.Single(result.Runs);
            Assert.All([run.Usual, run.Swapped], share => Assert.InRange(share, 0, 100));
            Assert.Equal(result.First.HasEvidence, run.RelativeOutside is >= 0 and <= 100);
        });
        var html = SampleReport.Of(results, experiment, options).ToHtml();
        foreach (var arm in Arm.All) Assert.Contains(arm.Name, html);
        Assert.Contains("The prototypes", html);
        Assert.Contains("The dimension of each layer", html);
    }

    [Fact]
    public void Run_Again_GivesTheSameFigures()
    {
        var options = new SampleOptions { Seeds = 1, Epochs = 1, Train = 40, Test = 20, Arms = [Arm.EndToEnd, Arm.Constrained] };

        var (first, second) = (Figures(), Figures());

        Assert.Equal(first, second);

        List<(double, double, double)> Figures()
        {
            using var experiment = new Experiment(options);
            return [.. experiment.Run().Select(result => (result.Runs[0].Usual, result.Runs[0].Swapped, result.Runs[0].Outside))];
        }
    }

    [Fact]
    public void Parse_Arguments_ReadsThemOrSaysWhatIsWrong()
    {
        using var errors = new StringWriter();

        var options = SampleOptions.Parse(["--seeds", "1", "--arms", "cam,maxl", "--output", "r.html"], errors)!;

        Assert.Equal((1, "r.html"), (options.Seeds, options.Output));
        Assert.Equal(["CAM constraint", "MAXL"], options.Arms.Select(arm => arm.Name));
        Assert.Equal(1, SampleOptions.Parse(["--smoke"], errors)!.Seeds);
        Assert.Equal("", errors.ToString());
        Assert.Null(SampleOptions.Parse(["--arms", "dodo"], errors));
        Assert.Contains("'dodo'", errors.ToString());
    }
}
