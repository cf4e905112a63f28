using System.Diagnostics;
using DeepTricks.Tests.Distillation;
using DeepTricks.Tests.Training;

namespace DeepTricks.Tests;

/// <summary>What tests run in a process of its own, to be killed. The test framework does not start here.</summary>
internal static class ChildPrograms
{
    internal static Process Start(params string[] arguments)
    {
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        return Process.Start(new ProcessStartInfo(host, ["exec", typeof(ChildPrograms).Assembly.Location, .. arguments]) { RedirectStandardError = true })!;
    }

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [KilledRunTests.Program, var file]:
                KilledRunTests.Train(file);
                return 0;
            case [CodistillationProcessTests.Program, var folder, var name]:
                CodistillationProcessTests.Train(folder, name);
                return 0;
            default:
                Console.Error.WriteLine("These are tests; run them with dotnet test.");
                return 1;
        }
    }
}
