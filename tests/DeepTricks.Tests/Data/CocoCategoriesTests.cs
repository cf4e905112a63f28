using DeepTricks.Data;

namespace DeepTricks.Tests.Data;

public sealed class CocoCategoriesTests
{
    [Fact]
    public void All_HasTheEightyOfCoco_UnderTheirIds()
    {
        Assert.Equal(91, CocoCategories.Names.Count);
        Assert.Equal(80, CocoCategories.All.Count);
        Assert.Equal(new ObjectCategory(1, "person"), CocoCategories.All[0]);
        Assert.Equal(new ObjectCategory(90, "toothbrush"), CocoCategories.All[^1]);
        Assert.DoesNotContain(12, CocoCategories.All.Select(category => category.Id));
        Assert.Equal("umbrella", CocoCategories.Names[28]);
    }
}
