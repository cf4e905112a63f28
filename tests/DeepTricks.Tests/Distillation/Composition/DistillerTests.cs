using DeepTricks.Distillation;
using DeepTricks.Testing;
using DeepTricks.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

[Collection(ProcessWide.Name)]
public sealed class DistillerTests : IDisposable
{
    private readonly SmallNetwork _student = new();
    private readonly SmallNetwork _teacher = new(width: 6);

    [Fact]
    public void Run_TwoTerms_AreThoseOfALoopByHand()
    {
        using var scope = NewDisposeScope();
        using var connector = Golden.Fill(nn.Conv2d(8, 12, 1));
        using var distiller = new Distiller(_student, new FrozenTeacher(_teacher),
            TransferTerm.Of("logits", new MeanSquare(), weight: 0.5), TransferTerm.Of("hint", new MeanSquare(), "layer2", "layer2", connector, 3));
        var (images, labels) = SmallNetwork.Batch();

        var result = distiller.Run(images, labels);

        _teacher.eval();
        var student = _student.layer2.call(_student.layer1.call(images));
        var teacher = _teacher.layer2.call(_teacher.layer1.call(images));
        var logits = (_student.fc.call(student.mean([2, 3])) - _teacher.fc.call(teacher.mean([2, 3]))).square().mean();
        var hint = (connector.call(student) - teacher).square().mean();
        Assert.Equal(["logits", "hint"], result.Terms.Select(term => term.Name));
        Assert.Equal(logits.item<float>(), result.Terms[0].Value.item<float>(), 1e-6f);
        Assert.Equal(hint.item<float>(), result.Terms[1].Value.item<float>(), 1e-6f);
        Assert.Equal((logits * 0.5 + hint * 3).item<float>(), result.Total().item<float>(), 1e-5f);
        Assert.Equal(["hint_0.weight", "hint_0.bias"], distiller.Learners.state_dict().Keys);
    }

    [Fact]
    public void Run_TheInputOfAnActivationInPlace_IsThePreActivation()
    {
        using var scope = NewDisposeScope();
        Tensor? before = null, after = null;
        using var distiller = new Distiller(_student, new SelfTeacher(), TransferTerm.Of("look",
            (student, _, _) =>
            {
                (before, after) = (student[Tap.InputOf("layer1.2")].alias().DetachFromDisposeScope(), student["layer1.1"].alias().DetachFromDisposeScope());
                return student.Output.sum();
            }, [Tap.InputOf("layer1.2"), "layer1.1"]));

        distiller.Run(SmallNetwork.Batch().Images);

        Assert.True(before!.min().item<float>() < 0);
        Assert.True(before.equal(after!).all().item<bool>());
        before.Dispose();
        after!.Dispose();
    }

    [Fact]
    public void Run_FrozenTeacher_IsLeftAsItWas()
    {
        using var scope = NewDisposeScope();
        using var connector = nn.Conv2d(8, 12, 1);
        using var distiller = new Distiller(_student, new FrozenTeacher(_teacher), TransferTerm.Of("hint", new MeanSquare(), "layer2", "layer2", connector));
        var bits = SmallNetwork.Bits(_teacher);
        _teacher.train();

        distiller.Run(SmallNetwork.Batch().Images).Total().backward();

        Assert.Equal(bits, SmallNetwork.Bits(_teacher));
        Assert.All(_teacher.parameters(), parameter => Assert.True(parameter.grad is null));
        Assert.All(_teacher.modules(), module => Assert.True(module.training));
        Assert.DoesNotContain(distiller.Learners.parameters(), parameter => _teacher.parameters().Contains(parameter));
        Assert.NotNull(connector.weight!.grad);
    }

    [Fact]
    public void Run_SelfTeacher_TeachesWithoutGradients()
    {
        using var scope = NewDisposeScope();
        using var distiller = new Distiller(_student, new SelfTeacher(), TransferTerm.Of("self", new MeanOfSpace(), "layer1", "layer2"));

        distiller.Run(SmallNetwork.Batch().Images).Total().backward();

        Assert.NotNull(((nn.Module)_student.layer1[0]).parameters().First().grad);
        Assert.Null(((nn.Module)_student.layer2[0]).parameters().First().grad);
    }

    [Fact]
    public void Run_AListOfLayersAndPairs_GiveWhatTheirPartsGive()
    {
        using var scope = NewDisposeScope();
        using var twin = new SmallNetwork(width: 4);
        var (images, labels) = SmallNetwork.Batch();
        Double(twin);
        using var distiller = new Distiller(_student, new FrozenTeacher(twin),
            TransferTerm.Of("pairs", new MeanSquare(), ["layer1", new TapPair("layer2", "layer2") { Weight = 2 }]),
            TransferTerm.Of("list", new SumOfList(), ["layer1", "layer2"], ["layer1", "layer2"]),
            TransferTerm.Of("labels", new OwnLogit()));
        _student.eval();

        var result = distiller.Run(images, labels);

        var (a, b) = (_student.layer1.call(images), twin.Evaluate(() => twin.layer1.call(images)));
        var (c, d) = (_student.layer2.call(a), twin.Evaluate(() => twin.layer2.call(b)));
        Assert.Equal(((a - b).square().mean() + 2 * (c - d).square().mean()).item<float>(), result.Terms[0].Value.item<float>(), 1e-5f);
        Assert.Equal((a - b).square().mean().item<float>() + (c - d).square().mean().item<float>(), result.Terms[1].Value.item<float>(), 1e-5f);
        Assert.Equal(result.Output.gather(1, labels.unsqueeze(1)).sum().item<float>(), result.Terms[2].Value.item<float>(), 1e-5f);
    }

    [Fact]
    public void Run_ChannelsLast_GivesTheSameUpToRounding()
    {
        using var scope = NewDisposeScope();
        Tensor? seen = null;
        TransferTerm Term() => TransferTerm.Of("logits", (student, teacher, lesson) =>
        {
            seen = lesson.Input;
            return (student.Output - teacher.Output).square().mean();
        });
        using var plain = new Distiller(_student, new FrozenTeacher(_teacher), Term());
        using var turned = new Distiller(_student, new FrozenTeacher(_teacher), Term()) { ChannelsLast = true };
        var images = Golden.Tensor("colours", [6, 1, 8, 8]);
        _student.eval();

        var (expected, actual) = (plain.Run(images).Total().item<float>(), turned.Run(images).Total().item<float>());

        Assert.Equal(expected, actual, 1e-5f);
        Assert.False(ReferenceEquals(images, seen));
        Assert.True(images.equal(Golden.Tensor("colours", [6, 1, 8, 8])).all().item<bool>());
    }

    [Fact]
    public void Run_WithoutLabels_ATermThatNeedsThem_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var distiller = new Distiller(_student, new SelfTeacher(), TransferTerm.Of("labels", new OwnLogit()));

        var error = Assert.Throws<InvalidOperationException>(() => distiller.Run(SmallNetwork.Batch().Images));

        Assert.Equal("The term \"labels\" needs labels, and the lesson has none.", error.Message);
    }

    [Fact]
    public void Construction_WhatDoesNotFit_IsNamed()
    {
        var loss = new MeanSquare();
        Throws("No layer is named 'layer9'", () => new Distiller(_student, new FrozenTeacher(_teacher), TransferTerm.Of("a", loss, "layer9")));
        Throws("No layer is named 'layer9'", () => new Distiller(_student, new FrozenTeacher(_teacher), TransferTerm.Of("a", loss, null, "layer9")));
        Throws("Two terms have the name \"a\"", () => new Distiller(_student, new FrozenTeacher(_teacher), TransferTerm.Of("a", loss), TransferTerm.Of("a", loss)));
        Throws("at least one term", () => new Distiller(_student, new FrozenTeacher(_teacher)));
        Throws("The parameter 'layer1.0.weight' of the student is the teacher's", () => new Distiller(_student, new FrozenTeacher(_student), TransferTerm.Of("a", loss)));
        Throws("The parameter 'a_0.weight' of the terms is the teacher's", () => new Distiller(_student, new FrozenTeacher(_teacher),
            TransferTerm.Of("a", loss, "layer2", "layer2", (nn.Module<Tensor, Tensor>)_teacher.layer1[0])));
        Throws("at least one pair", () => TransferTerm.Of("a", loss, []));

        static void Throws(string message, Func<object> make) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AgainAndAgain_HoldsNoMoreTensors()
    {
        using var connector = nn.Conv2d(8, 12, 1);
        using var distiller = new Distiller(_student, new FrozenTeacher(_teacher), TransferTerm.Of("hint", new MeanSquare(), "layer2", "layer2", connector));
        var (images, _) = SmallNetwork.Batch();
        List<long> live = [];
        for (var step = 0; step < 4; step++)
        {
            using (NewDisposeScope()) distiller.Run(images).Total().backward();
            live.Add(ProcessWide.LiveTensors());
        }

        Assert.Equal(live[1], live[^1]);
    }

    [Fact]
    public void Tap_ATupleAndSeveralArguments_AreTakenByTheirNumber()
    {
        using var scope = NewDisposeScope();
        using var student = new TwoHeads();
        Tensor? seen = null;
        using var distiller = new Distiller(student, new SelfTeacher(), TransferTerm.Of("second", (trace, _, _) =>
        {
            seen = trace[Tap.Of("heads", 1)] + trace[Tap.InputOf("heads", 1)];
            return seen.sum();
        }, [Tap.Of("heads", 1), Tap.InputOf("heads", 1)]));
        var input = ones(2, 3);

        Assert.Equal(2 * 3 * (5f + 10f), distiller.Run(input).Total().item<float>());
    }

    public void Dispose()
    {
        _student.Dispose();
        _teacher.Dispose();
    }

    private static void Double(nn.Module module)
    {
        using var ungraded = no_grad();
        foreach (var parameter in module.parameters()) parameter.mul_(2);
    }

    private sealed class MeanSquare() : nn.Module<Tensor, Tensor, Tensor>(nameof(MeanSquare))
    {
        public override Tensor forward(Tensor student, Tensor teacher) => (student - teacher).square().mean();
    }

    private sealed class MeanOfSpace() : nn.Module<Tensor, Tensor, Tensor>(nameof(MeanOfSpace))
    {
        public override Tensor forward(Tensor student, Tensor teacher) => (student.mean([1, 2, 3]) - teacher.mean([1, 2, 3])).square().mean();
    }

    private sealed class SumOfList() : nn.Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, Tensor>(nameof(SumOfList))
    {
        public override Tensor forward(IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher) =>
            student.Zip(teacher, (a, b) => (a - b).square().mean()).Aggregate((a, b) => a + b);
    }

    private sealed class OwnLogit() : nn.Module<Tensor, Tensor, Tensor, Tensor>(nameof(OwnLogit))
    {
        public override Tensor forward(Tensor student, Tensor teacher, Tensor labels) => student.gather(1, labels.unsqueeze(1)).sum();
    }

    private sealed class TwoHeads : nn.Module<Tensor, Tensor>
    {
        private readonly Heads _heads = new();

        internal TwoHeads()
            : base(nameof(TwoHeads)) => register_module("heads", _heads);

        public override Tensor forward(Tensor input) => _heads.call(input, input * 10).Item1;

        private sealed class Heads() : nn.Module<Tensor, Tensor, (Tensor, Tensor)>(nameof(Heads))
        {
            public override (Tensor, Tensor) forward(Tensor a, Tensor b) => (a, a * 5);
        }
    }
}
