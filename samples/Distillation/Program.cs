// Trains a large teacher on handwritten digits, and small students alone and by nine ways of distillation; and teaches a student a digit that it has never seen.
return DistillationSample.Sample.Run(args);
