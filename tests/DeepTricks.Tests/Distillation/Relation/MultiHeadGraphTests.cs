using DeepTricks.Distillation;
using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Tests.Distillation;

/// <summary>The graphs against their formulas in PyTorch: tests/fixtures/distillation/make_graph.py.</summary>
public sealed class MultiHeadGraphTests
{
    private static readonly GoldenCase One = GoldenFile.Read("distillation/graph.json")["graph"];

    [Fact]
    public void Loss_WithFixedGraphs_EqualsTheFormulasWithGradients()
    {
        using var scope = NewDisposeScope();
        var (loss, student, teacher) = Make();
        var value = loss.call(student, teacher);

        Assert.Equal(One["names"].Parts.Select(part => part.Element[0].GetString()).Order(), loss.state_dict().Keys.Order());
        One.AssertEqual("out", value, 1e-8, 1e-10);
        One.AssertGradients("gradients", value, student, 1e-7, 1e-9);
    }

    [Fact]
    public void TeacherLoss_OfTheGraphs_EqualsTheFormulasWithGradients()
    {
        using var scope = NewDisposeScope();
        var (loss, _, teacher) = Make();
        var value = loss.TeacherLoss(teacher);
        var parameters = loss.named_parameters().ToDictionary(one => one.name, one => one.parameter);

        One.AssertEqual("teacher_loss", value, 1e-8, 1e-10);
        One.AssertGradients("teacher_gradients", value, [.. One["teacher_gradients"].Parts.Select(part => parameters[part.Name["graph.teacher_gradients.".Length..]])], 1e-7, 1e-9);
    }

    /// <summary>The graphs learn from the teacher alone, the student from the graphs as they are.</summary>
    [Fact]
    public void Loss_GraphsAndTeacher_GetNoGradientAndKeepTheirStatistics()
    {
        using var scope = NewDisposeScope();
        var (loss, student, teacher) = Make();
        var before = loss.state_dict().Values.Select(entry => entry.clone()).ToArray();
        loss.call(student, [.. teacher.Select(layer => layer.requires_grad_())]).backward();

        Assert.All(loss.parameters(), parameter => Assert.True(parameter.grad is null && parameter.requires_grad));
        Assert.All(loss.state_dict().Values.Zip(before), pair => Assert.True(pair.First.eq(pair.Second).all().item<bool>()));
        Assert.All(teacher, layer => Assert.Null(layer.grad));
        Assert.All(student, layer => Assert.True(layer.grad!.abs().sum().item<double>() > 0));
        Assert.True(loss.training);
    }

    [Fact]
    public void TeacherLoss_SameSeedAndTraining_FallsTheSameEachTime()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Trained(), Trained());

        Assert.Equal(first, second);
        Assert.True(first[^1] < first[0] / 2, $"{first[0]} became {first[^1]}");

        static double[] Trained()
        {
            using var random = new Generator(3);
            var loss = new MultiHeadGraphLoss([6, 8, 7], new() { Heads = 4 }, random);
            var teacher = Layers("teacher", ScalarType.Float32);
            var optimizer = optim.Adam(loss.parameters(), 0.01);
            return [.. Enumerable.Range(0, 30).Select(_ =>
            {
                var value = loss.TeacherLoss(teacher, random);
                optimizer.zero_grad();
                value.backward();
                optimizer.step();
                return (double)value.item<float>();
            })];
        }
    }

    [Fact]
    public void Loss_WrongArguments_NamesThem()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>("channels", () => new MultiHeadGraphLoss([4]));
        var loss = new MultiHeadGraphLoss([3, 4]);
        Assert.Throws<ArgumentException>("student", () => loss.call([rand(2, 3, 2, 2), rand(2, 5, 2, 2)], [rand(2, 3, 2, 2), rand(2, 4, 2, 2)]));
        Assert.Throws<ArgumentException>("teacher", () => loss.TeacherLoss([rand(2, 3, 2, 2), rand(2, 5, 2, 2)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiHeadGraphLossOptions { Heads = 0 });
    }

    private static (MultiHeadGraphLoss Loss, Tensor[] Student, Tensor[] Teacher) Make()
    {
        var loss = Golden.Fill((MultiHeadGraphLoss)new MultiHeadGraphLoss([6, 8, 7], new() { Heads = 3 }).to(ScalarType.Float64));
        return (loss, [.. Layers("student", ScalarType.Float64).Select(layer => layer.requires_grad_())], Layers("teacher", ScalarType.Float64));
    }

    private static Tensor[] Layers(string side, ScalarType dtype) =>
        [.. One["shapes"].Parts.Select((part, i) => Golden.Tensor($"graph.{side}{i}", [.. part.Element.EnumerateArray().Select(size => size.GetInt64())], dtype: dtype))];
}
