using System.Text.RegularExpressions;

namespace DeepTricks.Tests.Docs;

public partial class LinkTests
{
    [Theory]
    [MemberData(nameof(DocPages.All), MemberType = typeof(DocPages))]
    public void Page_EachRelativeLink_LeadsToAFile(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;

        var broken = RelativeLink().Matches(DocPages.Read(page))
            .Select(link => link.Groups["path"].Value)
            .Where(path => !Path.Exists(Path.Combine(folder, path)));

        Assert.Empty(broken);
    }

    [GeneratedRegex(@"\]\((?![a-z]+:|#)(?<path>[^)#\s]+)")]
    private static partial Regex RelativeLink();
}
