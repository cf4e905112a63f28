using DeepTricks.Checkpoints;

namespace DeepTricks.Tests.Checkpoints;

public sealed class NameMapTests
{
    [Fact]
    public void Apply_RulesOneAfterTheOther_EachSeesWhatTheLastOneMade()
    {
        var names = NameMap.Identity.StripPrefix("module.").Rename(@"^layer(\d)", "stage$1").Drop("*.scratch").Then(NameMap.Identity.AddPrefix("backbone."));

        Assert.Equal("backbone.stage1.conv", names.Apply("module.layer1.conv"));
        Assert.Equal("backbone.bn", names.Apply("bn"));
        Assert.Null(names.Apply("module.layer1.scratch"));
        Assert.Equal("same", NameMap.Identity.Apply("same"));
    }

    [Theory]
    [InlineData("features.denseblock1.denselayer2.norm.1.running_mean", "features.denseblock1.denselayer2.norm1.running_mean")]
    [InlineData("features.denseblock1.denselayer2.conv.2.weight", "features.denseblock1.denselayer2.conv2.weight")]
    [InlineData("features.denseblock1.denselayer2.norm1.weight", "features.denseblock1.denselayer2.norm1.weight")]
    [InlineData("features.transition1.norm.weight", "features.transition1.norm.weight")]
    public void DenseNet_NamesOfOldFiles_BecomeTheCurrentOnes(string inFile, string inModule) => Assert.Equal(inModule, NameMap.DenseNet.Apply(inFile));

    [Theory]
    [InlineData("backbone.fpn.inner_blocks.0.weight", "backbone.fpn.inner_blocks.0.0.weight")]
    [InlineData("backbone.fpn.layer_blocks.3.bias", "backbone.fpn.layer_blocks.3.0.bias")]
    [InlineData("rpn.head.conv.weight", "rpn.head.conv.0.0.weight")]
    [InlineData("roi_heads.mask_head.mask_fcn3.bias", "roi_heads.mask_head.2.0.bias")]
    [InlineData("rpn.head.conv.0.0.weight", "rpn.head.conv.0.0.weight")]
    [InlineData("backbone.fpn.inner_blocks.0.0.weight", "backbone.fpn.inner_blocks.0.0.weight")]
    [InlineData("roi_heads.box_head.fc6.weight", "roi_heads.box_head.fc6.weight")]
    public void TorchvisionDetection_NamesOfTheFirstFiles_BecomeTheCurrentOnes(string inFile, string inModule) =>
        Assert.Equal(inModule, NameMap.TorchvisionDetection.Apply(inFile));

    [Theory]
    [InlineData("(?<=a)b")]
    [InlineData(@"(a)\1")]
    [InlineData("(")]
    public void Rename_AnExpressionThatCannotBe_Throws(string pattern) => Assert.ThrowsAny<ArgumentException>(() => NameMap.Identity.Rename(pattern, ""));
}
