namespace DeepTricks.Tests.Docs;

public class SnippetTests
{
    [Theory]
    [MemberData(nameof(DocPages.All), MemberType = typeof(DocPages))]
    public void Page_EachBlockOfCSharp_Compiles(string page)
    {
        var errors = SnippetCompiler.Errors(SnippetPage.Parse(page, DocPages.Read(page)));

        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    [Fact]
    public void Errors_PageThatKeepsTheConvention_AreNone()
    {
        var page = Page("""
            Text, then a block with a directive, names at hand and a wait:

            ```csharp
            using System.Text;

            var text = new StringBuilder().Append(logits.shape[0] + labels.shape[0]);
            await Task.Yield();
            ```

            It goes on, with a type:

            ```csharp continued
            Console.WriteLine(new Pair(text.Length));

            record Pair(int Length);
            ```

            - A block in a list that declares a name at hand, and one of types alone:

              ```csharp
              var labels = "mine";
              Console.WriteLine(labels.Length);
              ```

              ```cs
              public sealed class Mine : List<int>;
              ```

            ```python
            this is not C#
            ```
            """);

        Assert.Equal(3, page.Programs.Count);
        Assert.Empty(SnippetCompiler.Errors(page));
    }

    [Fact]
    public void Errors_BlockThatDoesNotCompile_NamesPageAndLine()
    {
        var page = Page("""
            ```csharp
            var one = 1;
            ```

            ```csharp
            Console.WriteLine(one);
            ```
            """);

        var error = Assert.Single(SnippetCompiler.Errors(page));
        Assert.StartsWith("page.md(6,19): error CS0103", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("```csharp\nvar one = 1;")]
    [InlineData("```csharp continued\nvar one = 1;\n```")]
    [InlineData("```csharp ignored\nvar one = 1;\n```")]
    public void Parse_FenceThatIsNotClosedOrNotKnown_Throws(string text) =>
        Assert.StartsWith("page.md: ", Assert.Throws<FormatException>(() => Page(text)).Message, StringComparison.Ordinal);

    private static SnippetPage Page(string text) => SnippetPage.Parse("page.md", text);
}
