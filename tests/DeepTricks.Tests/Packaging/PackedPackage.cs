using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace DeepTricks.Tests.Packaging;

/// <summary>Packs DeepTricks as it was built with the tests, once for all tests of the package, and opens what came out.</summary>
public sealed class PackedPackage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deeptricks-pack-");

    public PackedPackage()
    {
        Pack();
        Package = Open("*.nupkg");
        Symbols = Open("*.snupkg");
        using var nuspec = Package.GetEntry("DeepTricks.nuspec")!.Open();
        Metadata = XDocument.Load(nuspec).Root!.Elements().Single();
    }

    public ZipArchive Package { get; }

    public ZipArchive Symbols { get; }

    /// <summary>The element <c>metadata</c> of the nuspec.</summary>
    public XElement Metadata { get; }

    public static byte[] Read(ZipArchive archive, string entry)
    {
        using var content = new MemoryStream();
        using var stream = archive.GetEntry(entry)!.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }

    public void Dispose()
    {
        Package.Dispose();
        Symbols.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Pack()
    {
        var tests = typeof(PackedPackage).Assembly;
        var source = tests.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "TorchSharpSource").Value;
        var configuration = tests.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

        // No node may stay behind: it would hold on to the output that is read to its end below.
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "pack", "src/DeepTricks", "--no-build", "-nodeReuse:false", "-c", configuration, "-o", _folder.FullName,
                $"-p:TorchSharpSource={source}",
            },
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        using var pack = Process.Start(start)!;
        var output = pack.StandardOutput.ReadToEnd();
        pack.WaitForExit();
        Assert.True(pack.ExitCode == 0, output);
    }

    private ZipArchive Open(string pattern) => ZipFile.OpenRead(Assert.Single(_folder.GetFiles(pattern)).FullName);
}
