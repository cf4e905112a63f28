using DeepTricks.Segmentation;
using DeepTricks.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Segmentation;

/// <summary>What the originals do not have: logits, sizes, pruning, the soft gate, memory and bad input. Alone, for it counts the live tensors.</summary>
[Collection(ProcessWide.Name)]
public sealed class UNetTests
{
    private static readonly long[] Filters = [2, 4, 4, 8, 8];

    public static IEnumerable<object[]> Networks { get; } =
        [["UNet"], ["UNet_2Plus"], ["UNet_3Plus"], ["UNet_3Plus_DeepSup"], ["UNet_3Plus_DeepSup_CGM"], ["NestedUNet"], ["NestedUNet-deep"]];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Forward_ByDefault_GivesTheLogitsOfTheProbabilities(string name)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var logits = Small(name, probabilities: false);
        using var probabilities = Small(name, probabilities: !name.StartsWith("Nested", StringComparison.Ordinal));
        var images = Golden.Tensor("images", [2, 3, 32, 48]);

        var expected = name.StartsWith("Nested", StringComparison.Ordinal) ? probabilities.call(images) : probabilities.call(images).logit();
        // With deep supervision the original UNet++ averages logits, so that this holds for it as well.
        Assert.True(logits.call(images).allclose(expected, 1e-4, 1e-5));
        Assert.True(logits.Maps(images).Main.equal(logits.call(images)).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Maps_ASizeThatIsNoMultipleOf16_AreOfThatSizeAndLearn(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Small(name);
        model.train();

        using var maps = model.Maps(Golden.Tensor("images", [2, 3, 45, 37]));
        maps.Sides.Aggregate((sum, map) => sum + map).sum().backward();

        Assert.All([maps.Main, .. maps.Sides], map => Assert.Equal([2, 1, 45, 37], map.shape));
        Assert.True(model.parameters().First().grad!.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void Constructor_OtherNumbersOfLevels_NamesThemAlike()
    {
        using var scope = NewDisposeScope();
        using var model = new UNetThreePlus(new() { Filters = [2, 3, 4], DeepSupervision = true });

        Assert.Contains("hd3_UT_hd1_conv.weight", model.state_dict().Keys);
        Assert.Equal(4, model.LeastSize);
        Assert.Equal(3, model.Maps(Golden.Tensor("images", [2, 3, 8, 8])).Sides.Count);
        Assert.Equal([2, 1, 8, 8], new UNet(new() { Filters = [2, 3] }).call(Golden.Tensor("images", [2, 3, 8, 8])).shape);
        Assert.Equal([2, 1, 8, 8], new UNetPlusPlus(new() { Filters = [2, 3, 5] }).call(Golden.Tensor("images", [2, 3, 8, 8])).shape);
    }

    [Theory]
    [InlineData("UNet_2Plus")]
    [InlineData("NestedUNet-deep")]
    public void Depth_LessThanAll_GivesTheSideMapOfThatDepthFromItsNodesAlone(string name)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var model = (UNetPlusPlus)Small(name);
        model.eval();
        var images = Golden.Tensor("images", [1, 3, 32, 48]);
        var whole = model.Maps(images);

        for (var depth = 3; depth >= 1; depth--)
        {
            model.Depth = depth;
            // A node that were computed in vain would be harmless, but not one that the result depends on.
            foreach (var (key, value) in model.state_dict())
                if (IsDeeper(key, depth) && value.is_floating_point()) value.fill_(float.NaN);
            var pruned = model.Maps(images);

            Assert.True(pruned.Main.equal(whole.Sides[depth - 1]).all().item<bool>());
            Assert.Equal(depth, pruned.Sides.Count);
            Assert.True(model.call(images).equal(pruned.Main).all().item<bool>());
        }

        static bool IsDeeper(string name, int depth)
        {
            var digits = name.Split('.')[0].Where(char.IsDigit).Select(digit => digit - '0').ToArray();
            return digits.Sum() > depth;
        }
    }

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(2, 3, 6)]
    [InlineData(4, 10, 15)]
    public void Depth_OfANetwork_SaysWhichNodesRun(int depth, int decoder, int all)
    {
        using var scope = NewDisposeScope();
        using var model = (UNetPlusPlus)Small("NestedUNet-deep");
        var ran = new List<string>();
        foreach (var (name, module) in model.named_children())
            if (name.StartsWith("conv", StringComparison.Ordinal)) ((nn.Module<Tensor, Tensor>)module).register_forward_hook((_, _, output) => { ran.Add(name); return output; });
        model.Depth = depth;

        model.call(Golden.Tensor("images", [1, 3, 32, 32]));

        Assert.Equal(decoder, ran.Count(name => !name.EndsWith('0')));
        Assert.Equal(decoder + depth + 1, ran.Count);
        Assert.True(ran.Count <= all + depth);
    }

    [Fact]
    public void Depth_OfAPrunedNetwork_IsThatOfANetworkOfFewerLevelsWithTheSameWeights()
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var model = (UNetPlusPlus)Small("UNet_2Plus", probabilities: false);
        using var shallow = new UNetPlusPlus(new() { Filters = [.. Filters.Take(3)], DeepSupervision = false });
        shallow.load_state_dict(model.state_dict(), strict: false);
        var images = Golden.Tensor("images", [1, 3, 32, 48]);
        model.Depth = 2;
        model.eval();
        shallow.eval();

        Assert.True(shallow.call(images).allclose(model.call(images), 1e-6, 1e-7));
    }

    [Fact]
    public void Depth_ThatIsNotThere_IsRefused()
    {
        using var supervised = (UNetPlusPlus)Small("UNet_2Plus");
        using var single = (UNetPlusPlus)Small("NestedUNet");

        Assert.Throws<ArgumentOutOfRangeException>(() => supervised.Depth = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => supervised.Depth = 5);
        Assert.Throws<InvalidOperationException>(() => single.Depth = 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Maps_WithTheSoftGate_AreTheUngatedOnesTimesPresence(bool deepSupervision)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        UNetThreePlusOptions Options(ClassificationGuidance guidance) => new() { Filters = Filters, DeepSupervision = deepSupervision, Guidance = guidance };
        using var guided = new UNetThreePlus(Options(ClassificationGuidance.Soft));
        using var open = new UNetThreePlus(Options(ClassificationGuidance.None));
        using var probabilities = new UNetThreePlus(Options(ClassificationGuidance.Soft) with { Probabilities = true });
        UNetThreePlus[] all = [guided, open, probabilities];
        foreach (var model in all) UNetFixtures.Fill(model).eval();
        var images = Golden.Tensor("images", [2, 3, 32, 32]);

        var (gated, plain, likely) = (guided.Maps(images), open.Maps(images), probabilities.Maps(images));

        Assert.Null(plain.Presence);
        Assert.Equal([2, 1], gated.Presence!.shape);
        Assert.True(likely.Presence!.allclose(gated.Presence.sigmoid(), 1e-6, 1e-7));
        for (var i = 0; i < plain.Sides.Count; i++)
        {
            var expected = plain.Sides[i].sigmoid() * gated.Presence.sigmoid().view(2, 1, 1, 1);
            Assert.True(gated.Sides[i].sigmoid().allclose(expected, 1e-5, 1e-6));
            Assert.True(likely.Sides[i].allclose(expected, 1e-5, 1e-6));
        }
    }

    [Theory]
    [InlineData(ClassificationGuidance.Soft, true)]
    [InlineData(ClassificationGuidance.Hard, false)]
    public void Maps_OfAGuidedNetwork_TrainTheClassificationThroughThePresenceAndASoftGate(ClassificationGuidance guidance, bool throughTheMap)
    {
        using var scope = NewDisposeScope();
        using var model = new UNetThreePlus(new() { Filters = Filters, Guidance = guidance });
        Parameter Weight() => model.get_parameter("cls.1.weight")!;
        var images = Golden.Tensor("images", [2, 3, 32, 32]);

        model.Maps(images).Main.sum().backward();
        Assert.Equal(throughTheMap, Weight().grad is { } grad && grad.abs().sum().item<float>() > 0);

        nn.functional.binary_cross_entropy_with_logits(model.Maps(images).Presence!, ones(2, 1)).backward();
        Assert.True(Weight().grad!.abs().sum().item<float>() > 0);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Constructor_WithAGenerator_DrawsTheSameWeightsAgain(string name)
    {
        using var scope = NewDisposeScope();
        UNetNetwork Make() => name switch
        {
            "UNet" => new UNet(new() { Filters = Filters, Generator = new Generator(7) }),
            "UNet_2Plus" => new UNetPlusPlus(new() { Filters = Filters, Generator = new Generator(7) }),
            "UNet_3Plus" => new UNetThreePlus(new() { Filters = Filters, Generator = new Generator(7) }),
            "UNet_3Plus_DeepSup" => new UNetThreePlus(UNetThreePlusOptions.OriginalDeepSupervision with { Filters = Filters, Generator = new Generator(7) }),
            "UNet_3Plus_DeepSup_CGM" => new UNetThreePlus(UNetThreePlusOptions.OriginalGuided with { Filters = Filters, Generator = new Generator(7) }),
            _ => new UNetPlusPlus(UNetPlusPlusOptions.NestedUNet with { Filters = Filters, Generator = new Generator(7), DeepSupervision = name == "NestedUNet-deep" }),
        };
        using var first = Make();
        using var second = Make();

        Assert.All(first.parameters().Zip(second.parameters()), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void Constructor_ConvolutionsOfUNetVersion_AreAsLargeAsHeSays()
    {
        using var model = new UNetThreePlus(new() { Filters = [8, 16, 32], Generator = new Generator(3) });
        using var weight = model.get_parameter("conv1d_1.weight")!.detach().clone();
        using var norm = model.get_parameter("bn1d_1.weight")!.detach().clone();

        Assert.Equal(Math.Sqrt(2.0 / (24 * 9)), weight.std().item<float>(), 0.005);
        Assert.Equal(1, norm.mean().item<float>(), 0.02);
        Assert.Equal(0.02, norm.std().item<float>(), 0.01);
    }

    [Fact]
    public void Maps_InDoublePrecision_AreOfThatType()
    {
        using var scope = NewDisposeScope();
        using var model = Small("UNet_3Plus_DeepSup_CGM");
        model.to(ScalarType.Float64);

        Assert.Equal(ScalarType.Float64, model.call(Golden.Tensor("images", [2, 3, 32, 32], dtype: ScalarType.Float64)).dtype);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Training_StepAfterStep_HoldsNoMoreTensors(string name)
    {
        using var model = Small(name, probabilities: false);
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        using var images = Golden.Tensor("images", [2, 3, 32, 32]);
        model.train();
        Step();
        var before = ProcessWide.LiveTensors();

        for (var i = 0; i < 3; i++) Step();

        Assert.Equal(before, ProcessWide.LiveTensors());

        void Step()
        {
            optimizer.zero_grad();
            // No scope of the caller's: what is returned is all that is left.
            using var maps = model.Maps(images);
            using var loss = maps.Main.sum();
            loss.backward();
            using (no_grad())
            using (model.call(images)) optimizer.step();
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Forward_OfImages_LeavesThemAsTheyAre(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Small(name);
        var images = Golden.Tensor("images", [2, 3, 32, 32]);
        model.call(images);

        Assert.True(images.equal(Golden.Tensor("images", [2, 3, 32, 32])).all().item<bool>());
    }

    [Fact]
    public void Forward_InputThatDoesNotFit_IsRefusedByName()
    {
        using var model = Small("UNet_3Plus");
        var before = ProcessWide.LiveTensors();
        Refused(1, 3, 32);
        Refused(1, 1, 32, 32);
        Refused(1, 3, 15, 32);
        Refused(1, 3, 32, 8);
        using (var images = zeros(1, 3, 32, 32, ScalarType.Float64)) Assert.Equal("input", Assert.Throws<ArgumentException>(() => model.Maps(images)).ParamName);
        Assert.Throws<ArgumentNullException>(() => model.Maps(null!));
        Assert.Equal(before, ProcessWide.LiveTensors());

        void Refused(params long[] shape)
        {
            using var images = zeros(shape);
            Assert.Equal("input", Assert.Throws<ArgumentException>(() => model.call(images)).ParamName);
        }
    }

    [Fact]
    public void Options_ValuesOutOfRange_AreRefusedByName()
    {
        Assert.Equal("Filters", Assert.Throws<ArgumentException>(() => new UNetOptions { Filters = [4] }).ParamName);
        Assert.Equal("Filters", Assert.Throws<ArgumentException>(() => new UNetOptions { Filters = [4, 0] }).ParamName);
        Assert.Equal("Filters", Assert.Throws<ArgumentException>(() => new UNetOptions { Filters = null! }).ParamName);
        Assert.Equal("InputChannels", Assert.Throws<ArgumentOutOfRangeException>(() => new UNetOptions { InputChannels = 0 }).ParamName);
        Assert.Equal("NumClasses", Assert.Throws<ArgumentOutOfRangeException>(() => new UNetOptions { NumClasses = 0 }).ParamName);
        Assert.Equal("Guidance", Assert.Throws<ArgumentOutOfRangeException>(() => new UNetThreePlusOptions { Guidance = (ClassificationGuidance)3 }).ParamName);
        Assert.Equal("Layout", Assert.Throws<ArgumentOutOfRangeException>(() => new UNetPlusPlusOptions { Layout = (UNetPlusPlusLayout)2 }).ParamName);
    }

    private static UNetNetwork Small(string name, bool probabilities = true)
    {
        var model = UNetFixtures.Fill(UNetFixtures.Make(name, Filters, probabilities));
        model.eval();
        return model;
    }
}
