using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DeepTricks.Tests.Docs;

/// <summary>Compiles the programs of a page against what the tests run on, with the compiler of the SDK.</summary>
internal static class SnippetCompiler
{
    private static readonly string[] Usings =
    [
        "System", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "System.Collections.Generic",
        "TorchSharp", "static TorchSharp.torch", $"static {typeof(AtHand).FullName}", .. NamespacesOfDeepTricks(),
    ];

    private static readonly SyntaxTree GlobalUsings = Parse("global usings", string.Concat(Usings.Select(u => $"global using {u};\n")));

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(File.Exists)
            .Select(file => MetadataReference.CreateFromFile(file)),
    ];

    /// <summary>The errors of all programs of a page, each as <c>page(line,column): error CODE: message</c>.</summary>
    public static IReadOnlyList<string> Errors(SnippetPage page) =>
        [.. page.Programs.SelectMany(program => Compile(Parse(page.Name, program)).GetDiagnostics())
            .Where(d => d.Severity == DiagnosticSeverity.Error)
            .Select(d => d.ToString())];

    private static CSharpCompilation Compile(SyntaxTree program)
    {
        var hasStatements = ((CompilationUnitSyntax)program.GetRoot()).Members.OfType<GlobalStatementSyntax>().Any();
        var kind = hasStatements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var options = new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable);
        return CSharpCompilation.Create("Snippet", [program, GlobalUsings], References, options);
    }

    private static SyntaxTree Parse(string path, string text) =>
        CSharpSyntaxTree.ParseText(text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest), path);

    private static IEnumerable<string> NamespacesOfDeepTricks() =>
        System.Reflection.Assembly.Load("DeepTricks").GetExportedTypes().Select(type => type.Namespace!).Distinct();
}
