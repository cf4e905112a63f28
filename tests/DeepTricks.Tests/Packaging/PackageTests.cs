using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace DeepTricks.Tests.Packaging;

public class PackageTests(PackedPackage packed) : IClassFixture<PackedPackage>
{
    [Theory]
    [InlineData("id", "DeepTricks")]
    [InlineData("authors", "DeepTricks contributors")]
    [InlineData("license", "MIT")]
    [InlineData("readme", "README.md")]
    public void Nuspec_Element_SaysWhatItShould(string element, string expected) => Assert.Equal(expected, Value(element));

    [Theory]
    [InlineData("version")]
    [InlineData("description")]
    [InlineData("tags")]
    public void Nuspec_ElementThatChangesWithTheLibrary_IsThere(string element) => Assert.False(string.IsNullOrWhiteSpace(Value(element)));

    // Whatever TorchSharp it was built with: the engine's projects must never become part of the package or of its dependencies.
    [Fact]
    public void Nuspec_Dependencies_AreTorchSharpPyBridgeAndLoggingAlone()
    {
        var group = Assert.Single(Child(packed.Metadata, "dependencies").Elements());

        Assert.Equal("net10.0", group.Attribute("targetFramework")!.Value);
        Assert.Equal(
            new SortedDictionary<string, string>
            {
                ["Microsoft.Extensions.Logging.Abstractions"] = "10.0.0",
                ["TorchSharp"] = "0.106.0",
                ["TorchSharp.PyBridge"] = "1.4.3",
            },
            new SortedDictionary<string, string>(group.Elements().ToDictionary(d => d.Attribute("id")!.Value, d => d.Attribute("version")!.Value)));
    }

    [Fact]
    public void Package_Files_AreTheLibraryItsDocumentationAndTheReadme() =>
        Assert.Equal(["DeepTricks.nuspec", "README.md", "lib/net10.0/DeepTricks.dll", "lib/net10.0/DeepTricks.xml"], Files(packed.Package));

    [Fact]
    public void Package_Readme_IsTheRepositorys() =>
        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, "README.md")), PackedPackage.Read(packed.Package, "README.md"));

    [Fact]
    public void Package_Documentation_HoldsEveryPublicType()
    {
        using var xml = new MemoryStream(PackedPackage.Read(packed.Package, "lib/net10.0/DeepTricks.xml"));
        var documented = XDocument.Load(xml).Descendants("member").Select(member => member.Attribute("name")!.Value).ToHashSet();

        var missing = Assembly.Load("DeepTricks").GetExportedTypes()
            .Select(type => "T:" + type.FullName!.Replace('+', '.'))
            .Where(name => !documented.Contains(name));

        Assert.NotEmpty(documented);
        Assert.Empty(missing);
    }

    [Fact]
    public void Symbols_Pdb_BelongsToTheAssemblyOfThePackage()
    {
        Assert.Equal(["DeepTricks.nuspec", "lib/net10.0/DeepTricks.pdb"], Files(packed.Symbols));

        using var assembly = new PEReader(new MemoryStream(PackedPackage.Read(packed.Package, "lib/net10.0/DeepTricks.dll")));
        var codeView = assembly.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(PackedPackage.Read(packed.Symbols, "lib/net10.0/DeepTricks.pdb")));

        Assert.Equal(
            assembly.ReadCodeViewDebugDirectoryData(codeView).Guid,
            new BlobContentId(pdb.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
    }

    [Fact]
    public void Assembly_Build_IsDeterministic()
    {
        using var assembly = new PEReader(new MemoryStream(PackedPackage.Read(packed.Package, "lib/net10.0/DeepTricks.dll")));

        Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    private static XElement Child(XElement parent, string name) => parent.Element(parent.Name.Namespace + name)!;

    private string Value(string element) => Child(packed.Metadata, element).Value;

    // Less the parts that every package of the Open Packaging Conventions has.
    private static IEnumerable<string> Files(ZipArchive archive) =>
        archive.Entries.Select(entry => entry.FullName)
            .Where(name => name != "[Content_Types].xml" && !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
