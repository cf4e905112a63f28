namespace DeepTricks.Distillation;

/// <summary>What one pass over a row of the student's logits x and the teacher's t tells, both divided by their temperature, without the class left out.</summary>
/// <param name="StudentMaximum">The largest x, before the temperature.</param>
/// <param name="StudentLogSum">log Σ exp (x − maximum).</param>
/// <param name="TeacherMaximum">The largest t, before the temperature.</param>
/// <param name="TeacherLogSum">log Σ exp (t − maximum).</param>
/// <param name="Excess">By how much the student believes more in the class left out than the teacher does; 0 where none is.</param>
internal readonly record struct SoftLogitRow(float StudentMaximum, float StudentLogSum, float TeacherMaximum, float TeacherLogSum, float Excess);
