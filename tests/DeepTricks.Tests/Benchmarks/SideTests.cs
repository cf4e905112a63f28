using System.Runtime.InteropServices;
using DeepTricks.Benchmarks.Measuring;

namespace DeepTricks.Tests.Benchmarks;

public class SideTests
{
    [Fact]
    public void Run_ServerOnTheOtherEnd_RunsThatOftenAndTellsTheTime()
    {
        var runs = 0;
        var answers = new StringWriter();
        Server.Serve(name => (() => runs++, name.Length), new StringReader("setup abc\nrun 5\n"), answers);

        var side = new Side("ours", TextWriter.Null, new StringReader(answers.ToString()));
        Assert.Equal(3, side.SetUp("abc"));
        var round = side.Run(5);
        Assert.Equal(5, runs);
        Assert.InRange(round.Wall, 0, 60);
        Assert.InRange(round.Processor, 0, 60);
    }

    [Fact]
    public void Run_BeforeSetUp_IsAnErrorThatReachesTheCaller()
    {
        var answers = new StringWriter();
        Server.Serve(_ => throw new NotSupportedException(), new StringReader("run 1\nsetup x\nnonsense\n"), answers);

        var side = new Side("ours", TextWriter.Null, new StringReader(answers.ToString()));
        Assert.Contains("No case is set up", Assert.Throws<InvalidOperationException>(() => side.Run(1)).Message);
        Assert.Contains("NotSupportedException", Assert.Throws<InvalidOperationException>(() => side.SetUp("x")).Message);
        Assert.Contains("nonsense", Assert.Throws<InvalidOperationException>(() => side.Run(1)).Message);
    }

    [Fact]
    public void Peak_RunThatTouchesMemory_CountsIt()
    {
        if (!OperatingSystem.IsLinux()) return;
        const int size = 64 << 20;
        var answers = new StringWriter();
        Server.Serve(_ => (Touch, 0), new StringReader("setup x\npeak\n"), answers);

        var side = new Side("ours", TextWriter.Null, new StringReader(answers.ToString()));
        side.SetUp("x");
        Assert.InRange(side.Peak(), 0.9 * size, 2.0 * size);

        static unsafe void Touch()
        {
            var memory = NativeMemory.Alloc(size);
            new Span<byte>(memory, size).Fill(1);
            NativeMemory.Free(memory);
        }
    }

    [Fact]
    public void SetUp_ProcessThatEnded_SaysWhichAndWhere()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Side("the peer", TextWriter.Null, TextReader.Null).SetUp("mlp"));

        Assert.Equal("the peer ended at 'setup mlp'.", error.Message);
    }
}
