using System.Text.RegularExpressions;

namespace DeepTricks.Tests.Docs;

/// <summary>A Markdown page and the C# programs on it (docs/README.md states the convention).</summary>
/// <param name="Name">Its path below the root of the repository.</param>
/// <param name="Programs">
/// One text per program: the page with every line blanked that is not the program's, so that a compiler counts lines as the
/// page does.
/// </param>
internal sealed partial record SnippetPage(string Name, IReadOnlyList<string> Programs)
{
    public static SnippetPage Parse(string name, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var programs = new List<string[]>();
        string? fence = null;
        string[]? program = null;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (fence is not null)
            {
                if (line == fence)
                {
                    (fence, program) = (null, null);
                }
                else if (program is not null)
                {
                    program[i] = lines[i];
                }
            }
            else if (Opening().Match(line) is { Success: true } opening)
            {
                fence = opening.Groups["fence"].Value;
                program = opening.Groups["csharp"].Success ? ProgramOf(opening.Groups["rest"].Value) : null;
            }
        }

        return fence is null
            ? new SnippetPage(name, [.. programs.Select(p => string.Join('\n', p))])
            : throw new FormatException($"{name}: a fence is opened and not closed.");

        string[] ProgramOf(string rest)
        {
            var isContinued = rest == "continued";
            if ((isContinued && programs.Count == 0) || (!isContinued && rest.Length > 0))
            {
                throw new FormatException($"{name}: a C# fence says '{rest}', where only 'continued' is known, and not for the first block.");
            }

            if (!isContinued)
            {
                programs.Add([.. Enumerable.Repeat("", lines.Length)]);
            }

            return programs[^1];
        }
    }

    [GeneratedRegex(@"^(?<fence>`{3,}|~{3,})((?<csharp>csharp|cs|c#)\s*(?<rest>.*)|.*)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Opening();
}
